#define IN_COMMON
#include "pool.h"

#include <pthread.h>
#include <stdlib.h>

#include "future_parts.h"
#include "queue.h"

enum { WAITING_TASKS = 1024 };

struct Pool {
    Queue *futures;  // Future *: those that nobody has begun, and some others
    size_t count;
    pthread_t threads[];
};

static void *run_tasks(void *arg)
{
    Pool *pool = arg;
    thread_set_name("pool");
    Future *future;
    while (queue_receive(pool->futures, &future)) {
        future_run(future);
        future_release(future);
    }
    return NULL;
}

Pool *pool_new(size_t threads)
{
    size_t count = threads > 0 ? threads : thread_cores();
    Pool *pool = must_calloc(1, sizeof *pool + count * sizeof(pthread_t));
    pool->futures = queue_new(WAITING_TASKS, sizeof(Future *));
    pool->count = count;
    for (size_t i = 0; i < count; i++)
        must(thread_start(&pool->threads[i], run_tasks, pool));
    return pool;
}

Future *pool_start(Pool *pool, void (*run)(Task *self), const void *args,
                   size_t size)
{
    Future *future = future_new_pooled(run, args, size);
    // Too many wait, or the pool is ending: run it before we go on.
    if (queue_send_by(pool->futures, &future, DEADLINE_NOW) != WAIT_OK) {
        future_run(future);
        future_release(future);
    }
    return future;
}

void pool_join(Pool *pool)
{
    queue_close(pool->futures);
    for (size_t i = 0; i < pool->count; i++)
        must(pthread_join(pool->threads[i], NULL));
    queue_free(pool->futures);
    free(pool);
}
