// A thread that awaits or joins a task of a pool, before the task was begun,
// runs it (helping): so tasks can wait for each other, and a task of a pool may
// run in a thread that is not the pool's.

#include <pthread.h>

#include "busy_pool.h"
#include "kit.h"
#include "test.h"

// The thread that runs a task.

static pthread_t ran_in;

static void note_thread(Task *self)
{
    ran_in = pthread_self();
    task_return(self, value_int(1));
}

TEST(await_runs, "who awaits a task that has not begun runs it")
{
    Future *busy_with;
    Pool *pool = busy_pool(&busy_with);
    Future *future = pool_start(pool, note_thread, NULL, 0);
    CHECK_INT(future_await(future).integer, 1);
    CHECK(pthread_equal(ran_in, pthread_self()));
    future_join(&future);
    set_free(pool, busy_with);
}

TEST(join_runs, "a future joined without await has run")
{
    Future *busy_with;
    Pool *pool = busy_pool(&busy_with);
    Future *future = pool_start(pool, note_thread, NULL, 0);
    future_join(&future);
    CHECK(pthread_equal(ran_in, pthread_self()));
    set_free(pool, busy_with);
}

TEST(deadline_does_not_run, "with a deadline the wait is for a pool's thread")
{
    Future *busy_with;
    Pool *pool = busy_pool(&busy_with);
    Future *future = pool_start(pool, note_thread, NULL, 0);
    Value value = value_int(7);
    Deadline soon = deadline_in_ms(5);
    CHECK_INT(future_await_until(future, &value, soon), WAIT_TIMED_OUT);
    CHECK_INT(value.integer, 7);
    gate_open(&go);
    CHECK_INT(future_await_until(future, &value, far_away()), WAIT_OK);
    CHECK(!pthread_equal(ran_in, pthread_self()));
    future_join(&future);
    set_free(pool, busy_with);
}

static void await_other(Task *self)
{
    Future *const *other = self->args;
    CHECK_INT(future_await(*other).type, VALUE_NONE);
    CHECK_INT(atomic_load(&runs), 1);
}

TEST(runs_once, "a task that many threads await runs once")
{
    Future *busy_with;
    Pool *pool = busy_pool(&busy_with);
    Future *future = pool_start(pool, count_run, NULL, 0);
    Future *others[8];
    for (int i = 0; i < 8; i++)
        others[i] = future_start(await_other, &future, sizeof future);
    future_join_all(others, 8);
    set_free(pool, busy_with);
    CHECK_INT(atomic_load(&runs), 1);
    future_join(&future);
}

static void fail(Task *self)
{
    task_return_error(self, "%s", "pool");
}

static atomic_bool returned;

static void run_after_return(Task *self)
{
    (void)self;
    CHECK(atomic_load(&returned));
}

// These would fail in run_after_return, did a wait run more than it must.
TEST(any_has_returned, "await_any runs nothing when one has returned already")
{
    Future *busy_with;
    Pool *pool = busy_pool(&busy_with);
    Future *early = pool_start(pool, count_run, NULL, 0);
    CHECK_INT(future_await(early).type, VALUE_NONE);
    Future *futures[] = { pool_start(pool, run_after_return, NULL, 0), early };
    size_t index = 7;
    CHECK_INT(future_await_any(futures, 2, &index).type, VALUE_NONE);
    CHECK_INT((long long)index, 1);
    atomic_store(&returned, true);
    future_join_all(futures, 2);
    set_free(pool, busy_with);
}

TEST(all_have_failed, "await_all runs nothing when one has failed already")
{
    Future *busy_with;
    Pool *pool = busy_pool(&busy_with);
    Future *early = pool_start(pool, fail, NULL, 0);
    CHECK_INT(future_await(early).type, VALUE_ERROR);
    Future *futures[] = { pool_start(pool, run_after_return, NULL, 0), early };
    CHECK_TEXT(future_await_all(futures, 2, NULL).text, "pool");
    atomic_store(&returned, true);
    future_join_all(futures, 2);
    set_free(pool, busy_with);
}

TEST(helps_until_done, "waits run no more tasks than they have to")
{
    Future *busy_with;
    Pool *pool = busy_pool(&busy_with);
    Future *any[] = { pool_start(pool, fail, NULL, 0),
                      pool_start(pool, count_run, NULL, 0),
                      pool_start(pool, run_after_return, NULL, 0) };
    Future *all[] = { pool_start(pool, count_run, NULL, 0),
                      pool_start(pool, fail, NULL, 0), any[2] };
    size_t index = 7;
    CHECK_INT(future_await_any(any, 3, &index).type, VALUE_NONE);
    CHECK_INT((long long)index, 1);
    CHECK_TEXT(future_await_all(all, 3, NULL).text, "pool");
    atomic_store(&returned, true);
    future_join_all(any, 3);
    future_join_all(all, 2);
    set_free(pool, busy_with);
}

typedef struct Fibonacci {
    Pool *pool;
    int number;
} Fibonacci;

static void fibonacci(Task *self)
{
    Fibonacci one = *(const Fibonacci *)self->args;
    if (one.number < 2) {
        task_return(self, value_int(one.number));
        return;
    }
    Fibonacci two = one;
    one.number -= 1;
    two.number -= 2;
    Future *futures[] = { pool_start(one.pool, fibonacci, &one, sizeof one),
                          pool_start(two.pool, fibonacci, &two, sizeof two) };
    Value values[2];
    CHECK_INT(future_await_all(futures, 2, values).type, VALUE_NONE);
    task_return(self, value_int(values[0].integer + values[1].integer));
    future_join_all(futures, 2);
}

TEST(nested, "tasks that await tasks of their pool of one do not lock up")
{
    Fibonacci all = { pool_new(1), 16 };
    Future *future = pool_start(all.pool, fibonacci, &all, sizeof all);
    Value value;
    CHECK_INT(future_await_until(future, &value, far_away()), WAIT_OK);
    CHECK_INT(value.integer, 987);
    future_join(&future);
    pool_join(&all.pool);
}

// A pool that ends meanwhile.

static Pool *common;  // set before the tasks that use it start

static Gate begun;
static bool ended;  // written by a task, read when the pool was joined

static void start_one_more(Task *self)
{
    (void)self;
    gate_open(&begun);
    gate_pass(&go);
    test_let_others_run();
    future_join(&(Future *){ pool_start(common, count_run, NULL, 0) });
    ended = true;
}

TEST(pool_join_waits, "pool_join waits for tasks that awaiters run, too")
{
    Future *busy_with;
    common = busy_pool(&busy_with);
    Future *future = pool_start(common, start_one_more, NULL, 0);
    Future *awaiting = future_start(await_other, &future, sizeof future);
    gate_pass(&begun);
    gate_open(&go);
    pool_join(&common);
    CHECK(ended);
    CHECK_INT(atomic_load(&runs), 1);
    future_join(&awaiting);
    future_join(&busy_with);
    future_join(&future);
}
