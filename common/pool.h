// A thread pool: a few threads that run many small tasks.
//
//     Pool *pool = pool_new(0);
//     Future *future = pool_start(pool, power, &args, sizeof args);
//     Value value = future_await(future);
//     future_join(&future);
//     pool_join(&pool);
//
// Its futures are awaited, cancelled and joined like all others (future.h). A
// task runs in one of the pool's threads, or in a thread that awaits or joins
// it without a deadline before it has begun: this is called helping. So tasks
// that await tasks of their own pool do not lock up, even in a pool of one
// thread. A task must not end its thread (pthread_exit), which is not its own.
// Tasks start in roughly FIFO order. Any number of them can wait.
//
// In a signal handler: no call may be made.

#ifndef COMMON_POOL_H
#define COMMON_POOL_H

#include "call_site.h"
#include "future.h"

COMMON_BEGIN_C

typedef struct Pool Pool;

// Starts a pool of `threads` threads; 0 means one for each of the machine's
// cores. When a thread cannot be started, the process ends.
Pool *pool_new(size_t threads);

// Has the task run, with a copy of its arguments. Never waits, and never runs a
// task itself. Any thread may call this until pool_join, and a task of the pool
// also while it is joined.
Future *pool_start(Pool *pool, void (*run)(Task *self), const void *args,
                   size_t size);

// Waits until all tasks that were started have run or been cancelled, also
// those that tasks start meanwhile; ends the threads and frees the pool. The
// futures live on until they are joined. In the end leaves NULL behind: a call
// with NULL ends the process with a message.
void pool_join(Pool **pool);

// The library's own files go without (call_site.h).
#ifndef IN_COMMON
#define pool_new(...)                                                          \
    COMMON_CALLED_FROM_HERE(pool_new, #__VA_ARGS__, __VA_ARGS__)
#define pool_start(...)                                                        \
    COMMON_CALLED_FROM_HERE(pool_start, #__VA_ARGS__, __VA_ARGS__)
#define pool_join(...)                                                         \
    COMMON_CALLED_FROM_HERE(pool_join, #__VA_ARGS__, __VA_ARGS__)
#endif

COMMON_END_C

#endif
