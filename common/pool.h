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
// Tasks start in roughly FIFO order. Any number of them can wait. A chain of
// tasks that await each other may have any length: when helping has used a
// quarter of a thread's stack, it goes on in another thread.
//
// After fork: a child has the pool, but none of its threads, and no tasks. The
// tasks that wait or run in the parent are the parent's. The first pool_start
// in the child starts the pool's threads again, and pool_join ends them;
// without a pool_start there are none to end. A task that calls fork goes on in
// the child, and pool_join there waits for it. If it ran in a thread of the
// pool, that thread ends with the task, and with its last thread the process;
// if it ran in a thread that helped, that thread goes on.
//
// In a signal handler: no call may be made.
//
// A second end: pool_join leaves NULL behind, and every call with NULL ends the
// process with a sentence. A call with a copy of the pointer, in another
// variable, is a use of freed memory, which no check finds.

#ifndef COMMON_POOL_H
#define COMMON_POOL_H

#include "call_site.h"
#include "future.h"

COMMON_BEGIN_C

typedef struct Pool Pool;

// Starts a pool of `threads` threads, at most 65,536; 0 means one for each of
// the machine's cores. When the system has no thread to give (EAGAIN), tries
// again for about 0.2 seconds; then the process ends.
Pool *pool_new(size_t threads);

// Has the task run, with a copy of its arguments. Never waits, and never runs a
// task itself. Any thread may call this until pool_join, and a task of the pool
// also while it is joined.
Future *pool_start(Pool *pool, void (*run)(Task *self), const void *args,
                   size_t size);

// Waits until all tasks that were started have run or been cancelled, also
// those that tasks start meanwhile; ends the threads and frees the pool. The
// futures live on until they are joined. In the end leaves NULL behind.
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
