#define IN_COMMON
#include "pool.h"

#include <pthread.h>
#include <stdlib.h>

#include "future_parts.h"
#include "queue.h"

enum { WAITING_TASKS = 1024 };

struct Pool {
    Queue *futures;  // Future *: those that nobody has begun, and some others
    Lock lock;       // guards the next two
    size_t unfinished;  // tasks that were started and have not ended
    WaitList joining;   // until there are none
    size_t count;
    pthread_t threads[];
};

void pool_note_end(Pool *pool)
{
    lock_acquire(&pool->lock);
    if (--pool->unfinished == 0)
        wait_list_dismiss(&pool->joining);
    lock_release(&pool->lock);
}

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
    Future *future = future_new_pooled(pool, run, args, size);
    lock_acquire(&pool->lock);
    pool->unfinished++;
    lock_release(&pool->lock);
    // Too many wait, or the pool is ending: run it before we go on.
    if (queue_send_by(pool->futures, &future, DEADLINE_NOW) != WAIT_OK) {
        future_run(future);
        future_release(future);
    }
    return future;
}

// Also for those that run in threads not ours, which await or join them.
static void wait_for_tasks(Pool *pool)
{
    lock_acquire(&pool->lock);
    while (pool->unfinished > 0)
        wait_list_wait(&pool->joining, &pool->lock, NULL, DEADLINE_NEVER);
    lock_release(&pool->lock);
}

void pool_join(Pool *pool)
{
    queue_close(pool->futures);
    for (size_t i = 0; i < pool->count; i++)
        must(pthread_join(pool->threads[i], NULL));
    wait_for_tasks(pool);
    queue_free(pool->futures);
    free(pool);
}
