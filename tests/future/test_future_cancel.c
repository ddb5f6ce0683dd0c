// Cancelling: of what has not begun, and of what has.

#include <sched.h>
#include <stdlib.h>

#include "busy_pool.h"
#include "future/future_internal.h"
#include "kit.h"
#include "os/os.h"
#include "test.h"

static void return_one(Task *self)
{
    atomic_fetch_add(&runs, 1);
    task_return(self, value_int(1));
}

static void check_cancelled(Future *future)
{
    Value value = future_await(future);
    CHECK_INT(value.type, VALUE_ERROR);
    CHECK_TEXT(value.text, "cancelled");
    CHECK_INT((long long)value.size, (long long)strlen("cancelled"));
}

TEST(before_it_begins, "a task that has not begun is cancelled and never runs")
{
    Future *busy_with;
    Pool *pool = busy_pool(&busy_with);
    Future *future = pool_start(pool, return_one, NULL, 0);
    CHECK(future_cancel(future));
    check_cancelled(future);
    set_free(pool, busy_with);
    check_cancelled(future);
    CHECK_INT(atomic_load(&runs), 0);
    future_join(&future);
}

TEST(twice, "only the first cancel says that it cancelled")
{
    Future *busy_with;
    Pool *pool = busy_pool(&busy_with);
    Future *future = pool_start(pool, return_one, NULL, 0);
    CHECK(future_cancel(future));
    CHECK(!future_cancel(future));
    check_cancelled(future);
    future_join(&future);
    set_free(pool, busy_with);
}

static void begin_and_return(Task *self)
{
    gate_open(&busy);
    gate_pass(&go);
    task_return(self, value_text("not cancelled"));
}

TEST(after_it_began, "a task that has begun is not cancelled and returns")
{
    Future *future = future_start(begin_and_return, NULL, 0);
    gate_pass(&busy);
    CHECK(!future_cancel(future));
    gate_open(&go);
    CHECK_TEXT(future_await(future).text, "not cancelled");
    future_join(&future);
}

TEST(after_it_settled, "a future that has settled keeps its value")
{
    Future *future = future_start(return_one, NULL, 0);
    CHECK_INT(future_await(future).integer, 1);
    CHECK(!future_cancel(future));
    CHECK_INT(future_await(future).integer, 1);
    future_join(&future);
}

// These wait with a deadline, for without one they would run the task.
static void await_one(Task *self)
{
    Future *const *future = self->args;
    Value value;
    CHECK_INT(future_await_until(*future, &value, far_away()), WAIT_OK);
    task_return(self, value);
}

static void await_all_of_two(Task *self)
{
    Future *const *future = self->args;
    Future *twice[] = { *future, *future };
    Value error;
    CHECK_INT(future_await_all_until(twice, 2, NULL, &error, far_away()),
              WAIT_OK);
    task_return(self, error);
}

static void await_any_of_two(Task *self)
{
    Future *const *future = self->args;
    Future *twice[] = { *future, *future };
    Value error;
    size_t index;
    CHECK_INT(future_await_any_until(twice, 2, &error, &index, far_away()),
              WAIT_OK);
    CHECK_INT((long long)index, 2);
    task_return(self, error);
}

TEST(wakes_all, "cancel wakes everybody who waits for the future")
{
    Future *busy_with;
    Pool *pool = busy_pool(&busy_with);
    Future *future = pool_start(pool, return_one, NULL, 0);
    Future *waiting[] = {
        future_start(await_one, &future, sizeof future),
        future_start(await_one, &future, sizeof future),
        future_start(await_all_of_two, &future, sizeof future),
        future_start(await_any_of_two, &future, sizeof future),
    };
    test_let_others_run();
    CHECK(future_cancel(future));
    for (int i = 0; i < 4; i++)
        CHECK_TEXT(future_await(waiting[i]).text, "cancelled");
    future_join_all(waiting, 4);
    future_join(&future);
    set_free(pool, busy_with);
}

static void check_one_of_both(Future *future, bool cancelled)
{
    if (cancelled)
        check_cancelled(future);
    else
        CHECK_INT(future_await(future).integer, 1);
}

TEST(races_with_a_thread, "cancelled and never ran, or not cancelled and ran")
{
    for (int i = 0; i < 2000; i++) {
        atomic_store(&runs, 0);
        Future *future = future_start(return_one, NULL, 0);
        bool cancelled = future_cancel(future);
        check_one_of_both(future, cancelled);
        future_join(&future);
        CHECK_INT(atomic_load(&runs), cancelled ? 0 : 1);
    }
}

TEST(races_with_a_pool, "the same while the threads of a pool begin tasks")
{
    enum { ROUNDS = 2000 };
    Pool *pool = pool_new(2);
    int cancels = 0;
    for (int i = 0; i < ROUNDS; i++) {
        Future *future = pool_start(pool, return_one, NULL, 0);
        bool cancelled = future_cancel(future);
        cancels += cancelled;
        check_one_of_both(future, cancelled);
        future_join(&future);
    }
    pool_join(&pool);
    CHECK_INT(atomic_load(&runs), ROUNDS - cancels);
}

static void cancel_other(Task *self)
{
    Future *const *future = self->args;
    gate_pass(&go);
    task_return(self, value_bool(future_cancel(*future)));
}

TEST(many_cancel, "of many who cancel at once one succeeds")
{
    Future *busy_with;
    Pool *pool = busy_pool(&busy_with);
    Future *future = pool_start(pool, return_one, NULL, 0);
    Future *cancelling[8];
    for (int i = 0; i < 8; i++)
        cancelling[i] = future_start(cancel_other, &future, sizeof future);
    gate_open(&go);  // which lets the pool's thread try as well
    int cancels = 0;
    for (int i = 0; i < 8; i++)
        cancels += future_await(cancelling[i]).boolean;
    future_join_all(cancelling, 8);
    check_one_of_both(future, cancels > 0);
    set_free(pool, busy_with);
    CHECK_INT(cancels + atomic_load(&runs), 1);
    future_join(&future);
}

TEST(joined_first, "a cancelled future is joined before the pool comes to it")
{
    Future *busy_with;
    Pool *pool = busy_pool(&busy_with);
    for (int i = 0; i < 20; i++) {
        Future *future = pool_start(pool, return_one, NULL, 0);
        CHECK(future_cancel(future));
        future_join(&future);
    }
    set_free(pool, busy_with);
    CHECK_INT(atomic_load(&runs), 0);
}

TEST(outlives_the_pool, "a cancelled future outlives its pool")
{
    Future *busy_with;
    Pool *pool = busy_pool(&busy_with);
    Future *future = pool_start(pool, return_one, NULL, 0);
    CHECK(future_cancel(future));
    set_free(pool, busy_with);
    check_cancelled(future);
    future_join(&future);
}

static atomic_bool joined;

static void *join_it(void *arg)
{
    Future *future = arg;
    future_join(&future);
    atomic_store(&joined, true);
    return NULL;
}

// As when one thread cancels it and another comes to run it.
TEST(two_leave, "who joins waits for all that still have to do with a future")
{
    enum { LEAVING = 3 };
    Future *future = future_new(return_one, NULL, 0);
    atomic_fetch_add(&future->state, (LEAVING - 1) * RUNNER);
    CHECK(future_begin(future, 0));
    future_run(future);
    pthread_t thread;
    CHECK_INT(thread_start(&thread, join_it, future), 0);
    while (!(atomic_load(&future->state) & JOINED))
        sched_yield();
    for (int i = 0; i < LEAVING; i++) {
        test_let_others_run();
        CHECK(!atomic_load(&joined));
        future_leave(future);
    }
    CHECK_INT(pthread_join(thread, NULL), 0);
    CHECK(atomic_load(&joined));
}
