// Read plain/plain_pool.c first; this is the same thread pool, a list of tasks
// under one lock, with two additions, because a task may be shorter than a
// wake-up. An idle thread spins before it sleeps (spin-then-park). And a thread
// that awaits a task which has not begun runs it: helping, as in leapfrogging
// (Wagner and Calder, 1993). The list has no bound: pool_start never waits and
// never runs a task. The invariant: when a task waits and a thread sleeps, some
// other thread has been woken or searches.
#include "base/base.h"

#include "future_internal.h"

// pool_join was called, and no task waits or runs: then none can start another.
static bool is_over(const Pool *pool) REQUIRES(pool->lock)
{
    return pool->waiting.first == NULL && pool->running == 0;
}

// Relaxed: a hint for the thread that searches. It looks again with the lock.
static unsigned long changes_now(const Pool *pool)
{
    return atomic_load_explicit(&pool->changes, memory_order_relaxed);
}

static void note_change(Pool *pool) REQUIRES(pool->lock)
{
    atomic_store_explicit(&pool->changes, changes_now(pool) + 1,
                          memory_order_relaxed);
}

// Last in, first out: that thread's stack is most likely in a cache.
static void wake_one(Pool *pool) REQUIRES(pool->lock)
{
    if (!pool->searching && pool->idle.last)
        wait_list_serve(&pool->idle, wait_node(pool->idle.last));
}

static void end_task(Pool *pool) REQUIRES(pool->lock)
{
    pool->running--;
    if (is_over(pool)) {
        note_change(pool);
        wait_list_dismiss(&pool->idle);
    }
}

// Begins the oldest task that has not begun. A task that a helping thread has
// just begun is still on the list until that thread gets the lock.
static Future *begin_first(Pool *pool) REQUIRES(pool->lock)
{
    for (ListNode *node = pool->waiting.first; node; node = node->next) {
        Future *future = LIST_OBJECT(node, Future, waiting);
        if (future_begin(future, 0)) {
            list_remove(&pool->waiting, node);
            pool->running++;
            if (pool->waiting.first)
                wake_one(pool);
            return future;
        }
    }
    return NULL;
}

// Spins until there is a change, with long pauses first, so that a thread which
// starts a task and then awaits it can run it undisturbed. Only one thread
// searches: pool_start then wakes none (no thundering herd). A change before
// the lock is taken again is seen here, and one after it finds this thread in
// the list: no wake-up is lost. Returns whether there was a change.
static bool search(Pool *pool) REQUIRES(pool->lock)
{
    unsigned long before = changes_now(pool);
    pool->searching = true;
    lock_release(&pool->lock);
    Spin spin = spin_start_patiently(&pool->habit);
    while (changes_now(pool) == before && spin_once(&spin))
        continue;
    spin_end(&spin);
    lock_acquire(&pool->lock);
    pool->searching = false;
    return changes_now(pool) != before;
}

static void die_of_exit(void *arg)
{
    (void)arg;
    die("a task ended a thread of its pool");
}

static void *run_tasks(void *arg)
{
    Pool *pool = arg;
    Wait wait = { pool_explain_idle, pool };
    thread_set_name("pool");
    TRACED(begin_pool_thread(pool));
    deadlock_thread_is("pool", pool, NULL);
    pthread_cleanup_push(die_of_exit, NULL);
    lock_acquire(&pool->lock);
    while (!is_over(pool)) {
        Future *future = begin_first(pool);
        if (future) {
            lock_release(&pool->lock);
            future_run(future);
            future_leave(future);
            lock_acquire(&pool->lock);
            end_task(pool);
        } else if (pool->searching || !search(pool)) {
            TRACED(wait_for("for a task", NULL));
            wait_list_wait(&pool->idle, &pool->lock, NULL, DEADLINE_NEVER,
                           &wait);
        }
    }
    lock_release(&pool->lock);
    pthread_cleanup_pop(0);
    TRACED(end_pool_thread());
    return NULL;
}

// Helping. The future's state word decides first, because the pool may have
// been freed; from then on the task keeps the pool alive.

bool pool_begin(Pool *pool, Future *future)
{
    if (!future_begin(future, 0))
        return false;
    lock_acquire(&pool->lock);
    list_remove(&pool->waiting, &future->waiting);
    pool->running++;
    lock_release(&pool->lock);
    return true;
}

void pool_end(Pool *pool)
{
    lock_acquire(&pool->lock);
    end_task(pool);
    lock_release(&pool->lock);
}

// The interface.

// Unchecked: no other thread has the pool yet.
Pool *pool_new(size_t threads) LOCKS_UNCHECKED
{
    size_t count = threads > 0 ? threads : thread_cores();
    Pool *pool = must_calloc_aligned(sizeof *pool + count * sizeof(pthread_t));
    pool->count = count;
    pool->running = 1;  // until pool_join
    pool->tracked.is_thread = true;
    track(&pool->tracked, pool_explain_unjoined);
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
    future->pool = pool;
    TRACED(start_in_pool(pool, future));
    lock_acquire(&pool->lock);
    list_append(&pool->waiting, &future->waiting);
    note_change(pool);
    wake_one(pool);
    lock_release(&pool->lock);
    return future;
}

void pool_join(Pool **pool)
{
    Pool *joined = pool ? *pool : NULL;
    must_exist(joined, "pool_join", POOL_IS_NULL);
    Wait wait = { pool_explain_join, joined };
    pool_end(joined);
    TRACED(wait_for_pool(joined));
    for (size_t i = 0; i < joined->count; i++)
        deadlock_join(joined->threads[i], joined, &wait);
    TRACED(wake(true));
    TRACED(join_pool(joined));
    untrack(&joined->tracked);
    free_aligned(joined);
    *pool = NULL;  // only now: tasks may start tasks through this pointer
}
