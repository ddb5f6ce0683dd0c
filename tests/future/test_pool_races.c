// Pools with threads that fall asleep, wake and end at about the moment at
// which tasks are started or taken back; and how many tasks can wait.

#include <pthread.h>
#include <stdlib.h>

#include "busy_pool.h"
#include "kit.h"
#include "test.h"

// Waking.

enum { THREADS = 4 };

static atomic_int met;
static Gate all_met;

static void meet_all(Task *self)
{
    (void)self;
    gate_meet(&all_met, &met, THREADS);
}

TEST(all_wake, "as many tasks as there are threads run at once, every time")
{
    Pool *pool = pool_new(THREADS);
    for (int i = 0; i < 500; i++) {
        Future *futures[THREADS];
        atomic_store(&met, 0);
        atomic_store(&all_met, 0);
        for (int k = 0; k < THREADS; k++) {
            futures[k] = pool_start(pool, meet_all, NULL, 0);
            if (i % 2)
                let_pass(random_moment());
        }
        gate_pass(&all_met);  // which we do not help with
        future_join_all(futures, THREADS);
        let_pass(random_moment());
    }
    pool_join(&pool);
}

static void start_and_wait(Task *self)
{
    Pool *const *pool = self->args;
    for (int i = 0; i < 500; i++) {
        Value value;
        Future *future = pool_start(*pool, count_run, NULL, 0);
        CHECK_INT(future_await_until(future, &value, far_away()), WAIT_OK);
        future_join(&future);
        let_pass(random_moment());
    }
}

TEST(one_by_one, "a thread wakes for each task that nobody takes back")
{
    Pool *pool = pool_new(2);
    Future *starting[3];
    for (int i = 0; i < 3; i++)
        starting[i] = future_start(start_and_wait, &pool, sizeof pool);
    future_join_all(starting, 3);
    pool_join(&pool);
    CHECK_INT(atomic_load(&runs), 1500);
}

// Taking back.

static void take_back_some(Task *self)
{
    Pool *const *pool = self->args;
    for (int i = 0; i < 2000; i++) {
        Future *future = pool_start(*pool, count_run, NULL, 0);
        if (i % 16 == 0)
            let_pass(random_moment());
        future_join(&future);
    }
}

TEST(taken_back, "each task runs once while threads take and take back")
{
    Pool *pool = pool_new(2);
    Future *starting[3];
    for (int i = 0; i < 3; i++)
        starting[i] = future_start(take_back_some, &pool, sizeof pool);
    future_join_all(starting, 3);
    pool_join(&pool);
    CHECK_INT(atomic_load(&runs), 6000);
}

// The number of tasks that wait.

TEST(full, "no task runs in the thread that starts it, however many wait")
{
    enum { TASKS = 20000 };
    static Future *futures[TASKS];
    Future *busy_with;
    Pool *pool = busy_pool(&busy_with);
    for (int i = 0; i < TASKS; i++)
        futures[i] = pool_start(pool, count_run, NULL, 0);
    CHECK_INT(atomic_load(&runs), 0);

    // One is taken back, and another one waits.
    future_join(&futures[500]);
    CHECK_INT(atomic_load(&runs), 1);
    futures[500] = pool_start(pool, count_run, NULL, 0);
    CHECK_INT(atomic_load(&runs), 1);
    future_join(&(Future *){ pool_start(pool, count_run, NULL, 0) });
    CHECK_INT(atomic_load(&runs), 2);

    set_free(pool, busy_with);
    CHECK_INT(atomic_load(&runs), TASKS + 2);
    future_join_all(futures, TASKS);
}

TEST(few_wait, "a few that wait for long do not keep others from waiting")
{
    Future *early[20];
    Future *busy_with;
    Pool *pool = busy_pool(&busy_with);
    for (int i = 0; i < 20; i++)
        early[i] = pool_start(pool, count_run, NULL, 0);
    for (int i = 0; i < 5000; i++) {
        Future *future = pool_start(pool, count_run, NULL, 0);
        CHECK_INT(atomic_load(&runs), i);
        future_join(&future);
    }
    set_free(pool, busy_with);
    CHECK_INT(atomic_load(&runs), 5020);
    future_join_all(early, 20);
}

// In the order of starting, when there is one thread and no other.
static void check_turn(Task *self)
{
    const int *turn = self->args;
    CHECK_INT(atomic_fetch_add(&runs, 1), *turn);
}

TEST(in_order, "tasks begin in the order in which they were started")
{
    static Future *futures[5000];
    Future *busy_with;
    Pool *pool = busy_pool(&busy_with);
    for (int i = 0; i < 5000; i++)
        futures[i] = pool_start(pool, check_turn, &i, sizeof i);
    set_free(pool, busy_with);
    future_join_all(futures, 5000);
}

// The end.

static Future *shared[4];  // set before the tasks that use it start

static void await_shared(Task *self)
{
    (void)self;
    for (int i = 0; i < 4; i++)
        CHECK(future_await(shared[i]).type != VALUE_ERROR);
}

static void run_for_a_moment(Task *self)
{
    let_pass(random_moment());
    count_run(self);
}

// Pools are many here, one after the other: what one leaves the next one finds.
TEST(join_and_await, "a pool is joined while others run its tasks")
{
    for (int i = 0; i < 500; i++) {
        Pool *pool = pool_new(1);
        for (int k = 0; k < 4; k++)
            shared[k] = pool_start(pool, run_for_a_moment, NULL, 0);
        Future *awaiting = future_start(await_shared, NULL, 0);
        let_pass(random_moment());
        pool_join(&pool);
        CHECK_INT(atomic_load(&runs), 4 * (i + 1));
        future_join(&awaiting);
        future_join_all(shared, 4);
    }
}

static Pool *common;  // set before the tasks that use it start

static void start_more(Task *self)
{
    const int *depth = self->args;
    count_run(self);
    if (*depth == 0)
        return;
    int next = *depth - 1;
    Future *futures[2] = { pool_start(common, start_more, &next, sizeof next),
                           pool_start(common, start_more, &next, sizeof next) };
    let_pass(random_moment());
    future_join_all(futures, 2);
}

TEST(join_and_start, "tasks start tasks while their pool is joined")
{
    for (int i = 0; i < 200; i++) {
        int depth = 3;
        atomic_store(&runs, 0);
        common = pool_new(2);
        Future *future = pool_start(common, start_more, &depth, sizeof depth);
        let_pass(random_moment());
        pool_join(&common);
        CHECK_INT(atomic_load(&runs), 15);
        future_join(&future);
    }
}

static void exit_thread(Task *self)
{
    (void)self;
    pthread_exit(NULL);
}

static void end_thread_of_pool(void)
{
    Value value;
    Pool *pool = pool_new(1);
    Future *future = pool_start(pool, exit_thread, NULL, 0);
    CHECK_INT(future_await_until(future, &value, far_away()), WAIT_OK);
}

TEST(thread_exit, "a task that ends a thread of its pool ends the process")
{
    CHECK_DIES(end_thread_of_pool, "a task ended a thread of its pool");
}
