// What the files of the plain future and its pool share.

#ifndef PLAIN_FUTURE_H
#define PLAIN_FUTURE_H

#include "base/names.h"

#include <pthread.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>

#include "base/list.h"
#include "base/text.h"
#include "pool.h"

#define futures_mutex common_futures_mutex
#define futures_changed common_futures_changed
#define futures_settled common_futures_settled
#define futures_lock common_futures_lock
#define futures_unlock common_futures_unlock
#define future_make common_future_make
#define future_settle common_future_settle
#define future_fail common_future_fail
#define future_begin common_future_begin
#define future_run_begun common_future_run_begun
#define future_end common_future_end
#define future_help common_future_help
#define future_wait common_future_wait

struct Future {
    void (*run)(Task *self);
    bool begun;      // the task runs, has run, or never will
    size_t settled;  // 0: not yet; 3: as the third of all futures
    Value value;     // once it has settled; its text or bytes are ours
    bool ended;      // the task has ended, or never will begin

    // Where the task runs: in a thread of its own, or in one of a pool.
    bool has_thread;
    pthread_t thread;
    Pool *pool;
    ListNode node;  // in the pool's list, until the task has begun

    size_t size;  // bytes of args
    alignas(max_align_t) char args[];
};

struct Pool {
    List tasks;              // of futures that have not begun, oldest first
    size_t unfinished;       // tasks that have not ended, those in the list too
    bool ending;             // pool_join was called
    pthread_cond_t changed;  // there is a task to take, or no more will come
    size_t count;
    pthread_t threads[];
};

// One mutex and one condition for all futures. The mutex guards the pools too.
extern pthread_mutex_t futures_mutex;
extern pthread_cond_t futures_changed;
extern size_t futures_settled;  // how many futures have settled
void futures_lock(void);
void futures_unlock(void);

// Makes a future. Its task has not begun.
Future *future_make(void (*run)(Task *self), const void *args, size_t size);

// Runs a task that the calling thread has begun, and ends it. Takes the mutex.
void future_run_begun(Future *future);

// These need the mutex.

// Begins the task, and takes it off its pool's list. Returns false if the task
// has begun before: exactly one thread begins it.
bool future_begin(Future *future);

// Settles the future, unless it has settled. The text is the future's from now
// on: of a value that has text or bytes, or of an error.
void future_settle(Future *future, Value value, Text text);

// The same with an error.
void future_fail(Future *future, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

// Settles the future with no value, unless it has settled; and says that its
// task has ended.
void future_end(Future *future);

// Begins a task of a pool and runs it, and releases the mutex meanwhile.
// Returns false if it had begun. For threads of the pool, and threads that wait
// for the task.
bool future_help(Future *future);

// Waits until all of the futures have a value, or one an error (AWAIT_ALL); or
// one has a value, or all an error (AWAIT_ANY). Sets *first to the index of the
// future that decided, or to count. Takes the mutex; `call` is for a message.
typedef enum AwaitKind { AWAIT_ALL, AWAIT_ANY } AwaitKind;
WaitResult future_wait(AwaitKind kind, Future *const futures[], size_t count,
                       size_t *first, Deadline deadline, const char *call);

#endif
