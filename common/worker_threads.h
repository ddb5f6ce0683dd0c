// Worker threads. Node's Worker, parentPort and workerData.
//
//     static void greet(WorkerContext *self)
//     {
//         const char *name = self->worker_data;
//         port_postf(self->parent_port, "Hello, %s!", name);
//     }
//
//     int main(void)
//     {
//         Worker *worker = worker_start(greet, "world");
//
//         Message msg;
//         while (port_receive(worker->port, &msg))
//             printf("%s\n", msg.text);
//
//         worker_join(&worker);
//     }
//
// Message passing: a worker need not share variables with its starter. Each
// worker is an actor, with a port to its starter.
//
// A worker may start workers of its own. The thread that starts a worker joins
// it. In a program with this file, stdout is line buffered, also into a pipe or
// a file: every line that a worker prints appears at once and whole. That holds
// until main returns: a worker that has not been joined by then is cut off
// anywhere.
//
// After fork: the child has only the thread that called fork. The parent's
// other workers do not run there: their ports are closed (channel.h), and
// worker_join and worker_error end the child with a sentence, unless
// worker_error had returned before the fork. The child may start workers of its
// own. When a worker forks, its function goes on in the child. When the
// function returns there, or calls worker_exit or worker_fail, the thread ends.
// If it was the child's last, the child ends as by exit(0), whatever the
// worker's exit code.
//
// A second end: worker_join leaves NULL behind, and a call with NULL ends the
// process with an error message. But worker->port is then a read through NULL,
// in the program itself. A call through another pointer to a joined worker is a
// use of freed memory, and is not noticed.
//
// In a signal handler: no call may be made.

#ifndef COMMON_WORKER_THREADS_H
#define COMMON_WORKER_THREADS_H

#include "call_site.h"
#include "channel.h"

COMMON_BEGIN_C

// A worker, as its own thread sees it. It belongs to that thread.
typedef struct WorkerContext {
    Port *parent_port;  // to the worker's starter. It is closed when the worker
                        // ends, unless the worker has moved it away
    void *worker_data;  // as given to worker_start: shared, not copied. If it
                        // is a port, the worker closes it or moves it on
    const char *name;
    struct RunningWorker *running;  // the library's own
} WorkerContext;

// A worker, as its starter sees it. It belongs to the thread that started it.
typedef struct Worker {
    Port *port;  // to the worker. It is closed by worker_join, unless it has
                 // been moved away
    struct RunningWorker *running;  // the library's own
} Worker;

// Starts a thread that calls run. The worker is named after the function, for
// debuggers and process lists. The object that worker_data points to must live
// until the worker is joined; give a port as port_move(&port). When no thread
// can be started, the process ends.
Worker *worker_start(void (*run)(WorkerContext *self), void *worker_data);

// The same with a name of your own, which is copied.
Worker *worker_start_named(const char *name, void (*run)(WorkerContext *self),
                           void *worker_data);

// Closes the starter's port to the worker, waits until the worker has ended,
// frees it and leaves NULL behind. Returns the worker's exit code: the code
// given to worker_exit, 1 after worker_fail, or 0. A worker that waits for
// messages from its starter sees that none will come. To read its last
// messages, receive until there are no more, then join.
int worker_join(Worker **worker);

// Waits until the worker has ended, and returns the error text of worker_fail,
// or NULL if it did not fail. All its messages come first: they can still be
// received after this. The text belongs to the worker: worker_join frees it.
const char *worker_error(Worker *worker);

// Ends the calling worker, at any depth of its calls, with this exit code. Only
// the worker's own thread may call this. Memory that the worker allocated is
// not freed.
void worker_exit(WorkerContext *self, int code) __attribute__((noreturn));

// Ends the calling worker with exit code 1 and an error text, formatted as by
// printf, as throw ends a worker in Node.
void worker_fail(WorkerContext *self, const char *format, ...)
    __attribute__((noreturn, format(printf, 2, 3)));

// The library's own files do without these macros (call_site.h). #run is the
// worker's name.
#ifndef IN_COMMON
static inline Worker *common_worker_start(const char *place, const char *name,
                                          void (*run)(WorkerContext *self),
                                          void *worker_data)
{
    COMMON_NOTE_CALL(around, place);
    return worker_start_named(name, run, worker_data);
}

#define worker_start(run, ...)                                                 \
    common_worker_start(COMMON_PLACE("worker_start(" #run ", " #__VA_ARGS__    \
                                     ")"),                                     \
                        #run, run, __VA_ARGS__)
#define worker_start_named(...)                                                \
    common_worker_start(COMMON_PLACE("worker_start_named(" #__VA_ARGS__ ")"),  \
                        __VA_ARGS__)
#define worker_join(...)                                                       \
    COMMON_CALLED_FROM_HERE(worker_join, #__VA_ARGS__, __VA_ARGS__)
#define worker_error(...)                                                      \
    COMMON_CALLED_FROM_HERE(worker_error, #__VA_ARGS__, __VA_ARGS__)
#define worker_exit(...)                                                       \
    COMMON_CALLED_FROM_HERE(worker_exit, #__VA_ARGS__, __VA_ARGS__)
#define worker_fail(...)                                                       \
    COMMON_CALLED_AS(worker_fail, "worker_fail(" #__VA_ARGS__ ")",             \
                     worker_fail(__VA_ARGS__))
#endif

COMMON_END_C

#endif
