// A worker is a thread and a channel to it (worker_threads.h). It needs no
// mutex of its own: what the starter wrote happens before the thread begins
// (pthread_create), and what the thread wrote happens before the join returns.
#include "base/base.h"

#include "worker_threads.h"

#include <pthread.h>
#include <stdarg.h>

#include "base/text.h"
#include "os/fork.h"
#include "os/os.h"

// Until the join the thread has self, exit_code and error to itself.
typedef struct RunningWorker {
    Worker worker;       // the starter's alone
    WorkerContext self;  // the worker's alone
    void (*run)(WorkerContext *self);
    int exit_code;
    Text error;
    unsigned long number, starter;  // of their threads, to find misuse
    pthread_t thread;
    bool joined;  // the starter's alone
    char name[];
} RunningWorker;

// However the worker ends: by return, worker_exit or pthread_exit.
static void end(void *arg)
{
    RunningWorker *running = arg;
    if (running->self.parent_port)
        port_close(&running->self.parent_port);
}

static void *run_worker(void *arg)
{
    RunningWorker *running = arg;
    thread_set_number(running->number);
    thread_set_name(running->name);
    pthread_cleanup_push(end, running);
    running->run(&running->self);
    pthread_cleanup_pop(1);
    return NULL;
}

// The worker's port moves before the thread starts: the thread's first use
// makes it the owner.
Worker *worker_start_named(const char *name, void (*run)(WorkerContext *self),
                           void *worker_data)
{
    size_t size = strlen(name) + 1;
    RunningWorker *running = must_calloc(1, sizeof *running + size);
    memcpy(running->name, name, size);
    Port *parent_port;
    channel_open(&running->worker.port, &parent_port);
    running->worker.running = running;
    running->self = (WorkerContext){ port_move(&parent_port), worker_data,
                                     running->name, running };
    running->run = run;
    running->starter = thread_number();
    running->number = thread_number_next();
    thread_must_start(&running->thread, run_worker, running);
    return &running->worker;
}

Worker *worker_start(void (*run)(WorkerContext *self), void *worker_data)
{
    return worker_start_named("worker", run, worker_data);
}

// The starter is told apart by its number: another thread's call is a bug.
static RunningWorker *must_have_started(const Worker *worker, const char *call)
{
    must_exist(worker, call, WORKER_IS_NULL);
    RunningWorker *running = worker->running;
    if (running->starter != thread_number())
        die("%s: only the thread that started a worker may call this", call);
    if (thread_is_gone(running->number) && !running->joined)
        die("%s: this worker runs in the process that started it; a child of "
            "fork cannot join it",
            call);
    return running;
}

// After the join its thread has no more steps, so the starter may read
// exit_code and error without a mutex.
static void wait_for_end(RunningWorker *running)
{
    if (!running->joined)
        must(pthread_join(running->thread, NULL));
    running->joined = true;
}

// The port is closed before the join: a worker that waits for a message would
// wait forever, and this thread with it (a deadlock).
int worker_join(Worker **worker)
{
    RunningWorker *running =
        must_have_started(worker ? *worker : NULL, "worker_join");
    if (running->worker.port)
        port_close(&running->worker.port);
    wait_for_end(running);
    *worker = NULL;
    int exit_code = running->exit_code;
    text_free(&running->error);
    free(running);
    return exit_code;
}

const char *worker_error(Worker *worker)
{
    RunningWorker *running = must_have_started(worker, "worker_error");
    wait_for_end(running);
    return running->error.at;
}

static void must_be(const WorkerContext *self, const char *call)
{
    if (self == NULL || self->running->number != thread_number())
        die("%s: only the worker itself may call this", call);
}

_Noreturn void worker_exit(WorkerContext *self, int code)
{
    must_be(self, "worker_exit");
    self->running->exit_code = code;
    pthread_exit(NULL);
}

_Noreturn void worker_fail(WorkerContext *self, const char *format, ...)
{
    must_be(self, "worker_fail");
    va_list args;
    va_start(args, format);
    text_add_args(&self->running->error, format, args);
    va_end(args);
    worker_exit(self, 1);
}
