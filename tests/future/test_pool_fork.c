// Pools after fork: in the child a pool is empty, starts its threads when it is
// used, and can be joined. A task that forks goes on in the child.

#include "busy_pool.h"
#include "task_fork.h"
#include "worker_threads.h"

static Pool *pool;

// Without helping, so that a thread of the pool runs it.
static void check_one(void)
{
    Value value;
    Future *future = pool_start(pool, return_seven, NULL, 0);
    CHECK(future_await_until(future, &value, deadline_in_ms(15000)) == WAIT_OK);
    CHECK_INT(value.integer, 7);
    future_join(&future);
}

static void use_and_join(void)
{
    for (int i = 0; i < 10; i++)
        check_one();
    pool_join(&pool);
    CHECK(pool == NULL);
}

TEST(used, "a child uses a pool of its parent, and joins it")
{
    children_must_have_threads();
    pool = pool_new(2);
    check_one();
    in_child(use_and_join);
    use_and_join();
}

static void join_only(void)
{
    pool_join(&pool);
    CHECK(pool == NULL);
}

TEST(joined, "a child joins a pool that it has not used")
{
    pool = pool_new(2);
    in_child(join_only);
    join_only();
}

static void join_with_tasks(void)
{
    Future *future = pool_start(pool, return_seven, NULL, 0);
    pool_join(&pool);
    CHECK_INT(future_await(future).integer, 7);
    future_join(&future);
    CHECK_INT(atomic_load(&runs), 0);
}

TEST(waiting, "a child does not run the tasks that wait in its parent")
{
    children_must_have_threads();
    Future *busy_with, *futures[100];
    pool = busy_pool(&busy_with);
    for (int i = 0; i < 100; i++)
        futures[i] = pool_start(pool, count_run, NULL, 0);
    in_child(join_with_tasks);
    in_child(join_only);
    set_free(pool, busy_with);
    CHECK_INT(atomic_load(&runs), 100);
    future_join_all(futures, 100);
}

static atomic_int met;

static void start_at_once(Task *self)
{
    (void)self;
    atomic_fetch_add(&met, 1);
    while (atomic_load(&met) < 4)
        sched_yield();
    check_one();
}

static atomic_int inside, most;

static void count_inside(Task *self)
{
    (void)self;
    int now = atomic_fetch_add(&inside, 1) + 1;
    int before = atomic_load(&most);
    while (before < now && !atomic_compare_exchange_weak(&most, &before, now))
        continue;
    test_let_others_run();
    atomic_fetch_sub(&inside, 1);
}

static void use_at_once(void)
{
    Future *starting[4], *futures[8];
    for (int i = 0; i < 4; i++)
        starting[i] = future_start(start_at_once, NULL, 0);
    future_join_all(starting, 4);
    for (int i = 0; i < 8; i++)
        futures[i] = pool_start(pool, count_inside, NULL, 0);
    pool_join(&pool);
    CHECK_INT(atomic_load(&most), 2);
    future_join_all(futures, 8);
}

TEST(used_at_once, "threads of a child that use the pool at once start its "
                   "threads only once")
{
    children_must_have_threads();
    pool = pool_new(2);
    for (int i = 0; i < 10; i++)
        in_child(use_at_once);
    pool_join(&pool);
}

static void use_and_fork(void)
{
    check_one();
    in_child(use_and_join);
    use_and_join();
}

TEST(nested, "a child of a child uses the pool")
{
    children_must_have_threads();
    pool = pool_new(1);
    in_child(use_and_fork);
    pool_join(&pool);
}

// Tasks that fork.

static void fork_in_task(Task *self)
{
    pid_t child = fork_with_deadline();
    if (child == 0) {
        check_one();
        _exit(CHILD_DONE);
    }
    task_return(self, value_int(status_of(child)));
}

TEST(task_forks, "the child of a pool's task uses the pool")
{
    children_must_have_threads();
    pool = pool_new(2);
    Future *future = pool_start(pool, fork_in_task, NULL, 0);
    pool_join(&pool);
    CHECK_INT(future_await(future).integer, CHILD_DONE);
    future_join(&future);
}

TEST(last_thread, "the child of a pool's task ends when the task ends")
{
    sanitizer_must_not_lock();
    if (THREAD_SANITIZER)
        test_skip("ThreadSanitizer dies of a thread that ends in a child");
    pool = pool_new(2);
    Future *future = pool_start(pool, fork_and_return, NULL, 0);
    pool_join(&pool);
    CHECK_INT(future_await(future).integer, 0);
    future_join(&future);
}

// In the thread that awaits them: main goes on in the child.

static pid_t helped_child;

static void fork_once(Task *self)
{
    helped_child = fork_with_deadline();
    task_return(self, value_int(helped_child == 0 ? 1 : 2));
}

// The process of the child ends here.
static void end_child(void)
{
    if (helped_child == 0)
        _exit(CHILD_DONE);
    CHECK_INT(status_of(helped_child), CHILD_DONE);
}

TEST(helped, "a task forks in a thread that helps: the await returns in both")
{
    children_must_have_threads();
    Future *busy_with;
    pool = busy_pool(&busy_with);
    Future *future = pool_start(pool, fork_once, NULL, 0);
    long long side = future_await(future).integer;
    CHECK_INT(side, helped_child == 0 ? 1 : 2);
    future_join(&future);
    if (helped_child == 0)
        use_and_join();
    end_child();
    set_free(pool, busy_with);
}

TEST(helped_join, "a task forks in a thread that joins it")
{
    children_must_have_threads();
    Future *busy_with;
    pool = busy_pool(&busy_with);
    future_join(&(Future *){ pool_start(pool, fork_once, NULL, 0) });
    if (helped_child == 0)
        use_and_join();
    end_child();
    set_free(pool, busy_with);
}

TEST(helped_any, "a task forks in a thread that awaits any of several")
{
    children_must_have_threads();
    Future *busy_with;
    size_t index = 9;
    pool = busy_pool(&busy_with);
    Future *futures[] = { pool_start(pool, fork_once, NULL, 0),
                          pool_start(pool, count_run, NULL, 0) };
    long long side = future_await_any(futures, 2, &index).integer;
    CHECK_INT(side, helped_child == 0 ? 1 : 2);
    CHECK_INT((long long)index, 0);
    if (helped_child == 0) {
        CHECK(future_cancel(futures[1]));
        use_and_join();
        future_join_all(futures, 2);
    }
    end_child();
    set_free(pool, busy_with);
    future_join_all(futures, 2);
}

TEST(helped_all, "a task forks in a thread that awaits all of several: the "
                 "child says that it cannot wait for the rest")
{
    children_must_have_threads();
    Future *busy_with;
    pool = busy_pool(&busy_with);
    Future *both[] = { pool_start(pool, fork_once, NULL, 0),
                       pool_start(pool, count_run, NULL, 0) };
    Value value = future_await_all(both, 2, NULL);
    CHECK(helped_child != 0);  // the child ends before
    CHECK_INT(value.type, VALUE_NONE);
    CHECK_INT(status_of(helped_child), 1);
    set_free(pool, busy_with);
    future_join_all(both, 2);
}

// The child's pool_join waits for the task that has forked.

static bool task_went_on;

static void join_pool(Task *self)
{
    (void)self;
    pool_join(&pool);
    CHECK(task_went_on);
}

static Future *joining;

static void fork_and_go_on(Task *self)
{
    fork_once(self);
    if (helped_child == 0) {
        joining = future_start(join_pool, NULL, 0);
        test_let_others_run();
        check_one();
        task_went_on = true;
    }
}

TEST(join_waits, "in the child, pool_join waits for the task that has forked")
{
    children_must_have_threads();
    Future *busy_with;
    pool = busy_pool(&busy_with);
    future_join(&(Future *){ pool_start(pool, fork_and_go_on, NULL, 0) });
    if (helped_child == 0) {
        future_join(&joining);
        CHECK(pool == NULL);
    }
    end_child();
    set_free(pool, busy_with);
}

// A storm: threads that use the pool while the process forks.

static atomic_bool enough;

static void use_time_after_time(WorkerContext *self)
{
    (void)self;
    while (!atomic_load(&enough)) {
        Future *futures[3];
        for (int i = 0; i < 3; i++)
            futures[i] = pool_start(pool, return_seven, NULL, 0);
        Value values[3];
        CHECK_INT(future_await_all(futures, 3, values).type, VALUE_NONE);
        future_join_all(futures, 3);
    }
}

static void use_briefly(void)
{
    check_one();
    join_with_tasks();
}

TEST(storm, "children work that are forked while threads use the pool")
{
    sanitizer_must_not_lock();
    children_must_have_threads();
    pool = pool_new(2);
    Worker *workers[3];
    for (int i = 0; i < 3; i++)
        workers[i] = worker_start(use_time_after_time, NULL);
    for (int i = 0; i < 200; i++)
        in_child(use_briefly);
    atomic_store(&enough, true);
    for (int i = 0; i < 3; i++)
        worker_join(&workers[i]);
    pool_join(&pool);
}
