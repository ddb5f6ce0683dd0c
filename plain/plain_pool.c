// A thread pool: some threads, and a list of tasks that have not begun (a
// producer-consumer queue without a bound). The threads are all alike, so for a
// new task it is enough to wake any one of them (signal). That no more tasks
// will come concerns all of them (broadcast).
#include "base/base.h"

#include "condition.h"
#include "os/os.h"
#include "plain_future.h"

// Each thread of the pool: wait for a task, run it, look again. The thread
// holds the mutex but for the time that it sleeps or runs a task.
//
// The threads end when pool_join was called and all tasks have ended. No task
// in the list is not enough: a task that still runs may start others.
static void *run_tasks(void *arg)
{
    Pool *pool = arg;
    thread_set_name("pool");
    futures_lock();
    for (;;) {
        while (pool->tasks.first == NULL &&
               !(pool->ending && !pool->unfinished))
            must(pthread_cond_wait(&pool->changed, &futures_mutex));
        if (pool->tasks.first == NULL)
            break;
        future_help(LIST_OBJECT(pool->tasks.first, Future, node));
    }
    futures_unlock();
    return NULL;
}

Pool *pool_new(size_t threads)
{
    size_t count = threads > 0 ? threads : thread_cores();
    if (count > MOST_THREADS)
        die("pool_new: %zu threads are too many", count);
    Pool *pool = must_calloc(1, sizeof *pool + count * sizeof(pthread_t));
    pool->count = count;
    condition_init(&pool->changed);
    for (size_t i = 0; i < count; i++)
        thread_must_start(&pool->threads[i], run_tasks, pool);
    return pool;
}

// The list has no bound. With a bound, a task that starts tasks could wait for
// room that only its own end makes: a deadlock.
Future *pool_start(Pool *pool, void (*run)(Task *self), const void *args,
                   size_t size)
{
    must_exist(pool, "pool_start", POOL_IS_NULL);
    Future *future = future_make(run, args, size);
    future->pool = pool;
    futures_lock();
    list_append(&pool->tasks, &future->node);
    pool->unfinished++;
    must(pthread_cond_signal(&pool->changed));
    futures_unlock();
    return future;
}

void pool_join(Pool **pool)
{
    Pool *joined = pool ? *pool : NULL;
    must_exist(joined, "pool_join", POOL_IS_NULL);
    // A thread looks at `ending` and goes to sleep in one step, under the
    // mutex: so this broadcast reaches each that has not seen it (no lost
    // wake-up).
    futures_lock();
    joined->ending = true;
    must(pthread_cond_broadcast(&joined->changed));
    futures_unlock();
    for (size_t i = 0; i < joined->count; i++)
        must(pthread_join(joined->threads[i], NULL));
    must(pthread_cond_destroy(&joined->changed));
    free(joined);
    *pool = NULL;  // only now: its tasks may start others through this
}
