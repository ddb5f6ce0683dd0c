// Read plain/plain_pool.c first; this is the same thread pool, a list of tasks
// under one lock, with two additions, because a task may be shorter than a
// wake-up. An idle thread spins before it sleeps (spin-then-park). And a thread
// that awaits a task which has not begun runs it: helping, as in leapfrogging
// (Wagner and Calder, 1993). There is one list for all threads, so no work
// stealing. It has no bound: pool_start never waits and never runs a task. The
// invariant: when a task waits and a thread sleeps, some other thread has been
// woken or searches.
#include "base/base.h"

#include "future_internal.h"

// pool_join was called, and no task waits or runs: then none can start another.
// Acquire: all use of the pool by threads that helped happens-before its end.
static bool is_over(Pool *pool) REQUIRES(pool->lock)
{
    size_t ended = atomic_load_explicit(&pool->ended, memory_order_acquire);
    return pool->waiting.first == NULL &&
           ended == pool->begun * ONE_TASK + POOL_JOINED;
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

// Counts a task that has ended, or that pool_join was called.
static void count_end(Pool *pool, size_t more) REQUIRES(pool->lock)
{
    atomic_fetch_add_explicit(&pool->ended, more, memory_order_release);
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
            pool->begun++;
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
    Spin spin = spin_start(&pool->habit);
    spin.patient = true;
    while (changes_now(pool) == before && spin_once(&spin))
        continue;
    spin_end(&spin);
    lock_acquire(&pool->lock);
    pool->searching = false;
    return changes_now(pool) != before;
}

// Backoff. When another thread holds the lock just now, tasks are about as
// short as the way of a cache line between two cores. Then a thread that runs
// many of them in a row is faster than two that take turns, so this one stays
// away for a moment: with 10,000 tasks that halves the time.
static void back_off(const Pool *pool)
{
    enum { PAUSES = 1000 };  // some 20 microseconds
    for (int i = lock_was_held(&pool->lock) ? PAUSES : 0; i > 0; i--)
        spin_pause();
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
    TRACED(begin(pool));
    deadlock_thread_is("pool", pool, NULL);
    unsigned forks = process_forks();
    pthread_cleanup_push(die_of_exit, NULL);
    lock_acquire(&pool->lock);
    // In a child that its task has forked this thread is not one of the pool's.
    while (!is_over(pool) && forks == process_forks()) {
        Future *future = begin_first(pool);
        if (future) {
            lock_release(&pool->lock);
            future_run(future);
            future_leave(future);
            back_off(pool);
            lock_acquire(&pool->lock);
            count_end(pool, ONE_TASK);
        } else if (pool->searching || !search(pool)) {
            TRACED(wait_for("for a task", NULL));
            wait_list_wait(&pool->idle, &pool->lock, NULL, DEADLINE_NEVER,
                           &wait);
        }
    }
    lock_release(&pool->lock);
    pthread_cleanup_pop(0);
    TRACED(end());
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
    pool->begun++;
    lock_release(&pool->lock);
    return true;
}

// Takes the lock only after pool_join. Before that the pool cannot be over, so
// no thread must be woken, and pool_join will see the count, which is in the
// same word. After that the count and the wake-up are one step under the lock,
// because the pool may be freed when the last task has been counted.
void pool_end(Pool *pool)
{
    size_t before = atomic_load_explicit(&pool->ended, memory_order_relaxed);
    while (!(before & POOL_JOINED)) {
        if (atomic_compare_exchange_weak_explicit(&pool->ended, &before,
                                                  before + ONE_TASK,
                                                  memory_order_release,
                                                  memory_order_relaxed))
            return;
    }
    lock_acquire(&pool->lock);
    count_end(pool, ONE_TASK);
    lock_release(&pool->lock);
}

// The interface.

static void start_threads(Pool *pool)
{
    for (size_t i = 0; i < pool->count; i++) {
        TRACED(start_pool_thread(pool));
        thread_must_start(&pool->threads[i], run_tasks, pool);
    }
}

// A child of fork has none of the pool's threads, and its waiting tasks are the
// parent's: so there the pool is empty, and without threads until it is used.
static void in_child(Tracked *tracked) LOCKS_UNCHECKED
{
    Pool *pool = LIST_OBJECT(tracked, Pool, tracked);
    pool->lock = (Lock){ 0 };
    pool->searching = false;
    pool->waiting = (List){ 0 };
    pool->idle = (WaitList){ 0 };
    pool->begun = 0;
    atomic_init(&pool->ended, 0);
    pool->threadless = true;
}

// With the lock, so that one caller starts the threads, once in a process.
static void have_threads(Pool *pool) REQUIRES(pool->lock)
{
    if (pool->threadless)
        start_threads(pool);
    pool->threadless = false;
}

Pool *pool_new(size_t threads)
{
    size_t count = threads > 0 ? threads : thread_cores();
    if (count > MOST_THREADS)
        die("pool_new: %zu threads are too many", count);
    Pool *pool = must_calloc_aligned(sizeof *pool + count * sizeof(pthread_t));
    pool->count = count;
    pool->tracked.is_thread = true;
    track(&pool->tracked, pool_explain_unjoined, in_child);
    start_threads(pool);
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
    have_threads(pool);
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
    lock_acquire(&joined->lock);
    count_end(joined, POOL_JOINED);
    if (!is_over(joined))  // in a child: its threads wait for the tasks
        have_threads(joined);
    size_t count = joined->threadless ? 0 : joined->count;
    lock_release(&joined->lock);
    TRACED(wait_for_pool(joined));
    for (size_t i = 0; i < count; i++)
        deadlock_join(joined->threads[i], joined, "a pool's threads");
    TRACED(wake(true));
    TRACED(join_pool(joined));
    untrack(&joined->tracked);
    free_aligned(joined);
    *pool = NULL;  // only now: tasks may start tasks through this pointer
}
