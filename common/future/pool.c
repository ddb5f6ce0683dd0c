#include "base/base.h"

#include "pool.h"

#include <pthread.h>

#include "deadlock/deadlock.h"
#include "future_internal.h"

struct Pool {
    TaskBag *bag;
    size_t count;
    Tracked tracked;  // until it is joined
    pthread_t threads[];
};

static void die_of_exit(void *arg)
{
    (void)arg;
    die("a task ended a thread of its pool");
}

static void *run_tasks(void *arg)
{
    Pool *pool = arg;
    thread_set_name("pool");
    TRACED(begin_pool_thread(pool));
    deadlock_thread_is("pool", pool, NULL);
    pthread_cleanup_push(die_of_exit, NULL);
    Future *future;
    while ((future = task_bag_take(pool->bag)) != NULL) {
        future_run(future);
        future_leave(future);
    }
    pthread_cleanup_pop(0);
    TRACED(end_pool_thread());
    return NULL;
}

static void explain_unjoined(const Tracked *tracked, Report *report)
{
    const Pool *pool =
        (const Pool *)((const char *)tracked - offsetof(Pool, tracked));
    report_paragraph(report, 4);
    report_say(report, "A pool with ");
    report_count(report, pool->count, "thread");
    report_say(report, ", made at ");
    report_place(report, tracked->place);
    report_say(report, ", was never joined.");
}

Pool *pool_new(size_t threads)
{
    size_t count = threads > 0 ? threads : thread_cores();
    Pool *pool = must_calloc(1, sizeof *pool + count * sizeof(pthread_t));
    pool->bag = task_bag_new();
    pool->count = count;
    pool->tracked.is_thread = true;
    track(&pool->tracked, explain_unjoined);
    for (size_t i = 0; i < count; i++) {
        TRACED(start_pool_thread(pool));
        thread_must_start(&pool->threads[i], run_tasks, pool);
    }
    return pool;
}

Future *pool_start(Pool *pool, void (*run)(Task *self), const void *args,
                   size_t size)
{
    must_exist(pool, "pool_start", POOL_IS_NULL);
    Future *future = future_new(run, args, size);
    TRACED(start_in_pool(pool, future));
    if (!task_bag_put(pool->bag, future))
        future_run_at_once(future);
    return future;
}

static void explain_join(const Wait *wait, Report *report)
{
    report_say(report, "for a pool's threads to end: ");
    report_runner(report, wait->what);
    report_say(report, ".");
}

void pool_join(Pool **pool)
{
    Pool *joined = pool ? *pool : NULL;
    must_exist(joined, "pool_join", POOL_IS_NULL);
    Wait wait = { explain_join, joined };
    task_bag_close(joined->bag);
    TRACED(wait_for_pool(joined));
    for (size_t i = 0; i < joined->count; i++)
        deadlock_join(joined->threads[i], joined, &wait);
    TRACED(wake(true));
    TRACED(join_pool(joined));
    untrack(&joined->tracked);
    task_bag_free(joined->bag);
    free(joined);
    *pool = NULL;  // only now: its tasks may start others through this
}
