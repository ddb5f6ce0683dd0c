// Futures after fork: in the child, a future of the parent that had settled
// gives its value, and no call waits for another one. Tasks that fork
// themselves are in test_future_fork_tasks.c.

#include "busy_pool.h"
#include "kit.h"
#include "task_fork.h"
#include "worker_threads.h"

static const char not_here[] =
    "this future's task runs in the process that started it; a child of fork "
    "cannot wait for it";

static void fail(Task *self)
{
    task_return_error(self, "failed");
}

static Gate never;

static void return_and_stay(Task *self)
{
    task_return(self, value_text("early"));
    gate_open(&busy);
    gate_pass(&never);
}

static void stay(Task *self)
{
    (void)self;
    gate_open(&busy);
    gate_pass(&never);
}

// A parent's future that had settled.

static Future *seven, *text, *failed, *early;

static void use_settled(void)
{
    Value value, values[2];
    size_t index = 9;
    CHECK_INT(future_await(seven).integer, 7);
    CHECK_TEXT(future_await(early).text, "early");
    CHECK(future_await_until(text, &value, DEADLINE_NOW) == WAIT_OK);
    CHECK_TEXT(value.text, "seven");
    CHECK_INT(future_await_all((Future *[]){ seven, text }, 2, values).type,
              VALUE_NONE);
    CHECK_INT(values[0].integer, 7);
    CHECK_TEXT(future_await_all((Future *[]){ seven, failed }, 2, NULL).text,
               "failed");
    CHECK_INT(
        future_await_any((Future *[]){ failed, seven }, 2, &index).integer, 7);
    CHECK_INT((long long)index, 1);
    CHECK(!future_cancel(early));
    future_join(&seven);
    future_join_all((Future *[]){ text, failed, early }, 3);
}

TEST(settled, "a child gets the values of futures that had settled, and frees "
              "them, also while the task still runs in the parent")
{
    seven = future_start(return_seven, NULL, 0);
    text = future_start(return_text, NULL, 0);
    failed = future_start(fail, NULL, 0);
    early = future_start(return_and_stay, NULL, 0);
    CHECK_INT(future_await_all((Future *[]){ seven, text }, 2, NULL).type,
              VALUE_NONE);
    CHECK_INT(future_await(failed).type, VALUE_ERROR);
    gate_pass(&busy);
    in_child(use_settled);
    gate_open(&never);
    future_join_all((Future *[]){ seven, text, failed, early }, 4);
}

// One that had not.

static Future *running;

static void await_it(void)
{
    (void)!future_await(running).type;
}

static void await_for_a_while(void)
{
    Value value;
    (void)!future_await_until(running, &value, far_away());
}

static void await_all(void)
{
    (void)!future_await_all((Future *[]){ seven, running }, 2, NULL).type;
}

static void await_all_with_own(void)
{
    Future *own = future_start(return_seven, NULL, 0);
    (void)!future_await_all((Future *[]){ own, running }, 2, NULL).type;
}

static void await_any(void)
{
    (void)!future_await_any((Future *[]){ failed, running }, 2, NULL).type;
}

static void await_any_with_own(void)
{
    Future *own = future_start(fail, NULL, 0);
    (void)!future_await_any((Future *[]){ running, own }, 2, NULL).type;
}

static void join_it(void)
{
    future_join(&running);
}

static void join_it_with_another(void)
{
    future_join_all((Future *[]){ seven, running }, 2);
}

static void await_in_all_ways(void)
{
    CHECK_DIES(await_it, "future_await: this future's task");
    CHECK_DIES(await_it, not_here);
    CHECK_DIES(await_for_a_while, "future_await_until: this future's task");
    CHECK_DIES(await_all, "future_await_all: this future's task");
    CHECK_DIES(await_all_with_own, not_here);
    CHECK_DIES(await_any, "future_await_any: this future's task");
    CHECK_DIES(await_any_with_own, not_here);
    CHECK_DIES(join_it, "future_join: this future's task");
    CHECK_DIES(join_it_with_another, "future_join_all: this future's task");
}

static void start_running(void)
{
    seven = future_start(return_seven, NULL, 0);
    failed = future_start(fail, NULL, 0);
    CHECK_INT(future_await(seven).integer, 7);
    CHECK_INT(future_await(failed).type, VALUE_ERROR);
    running = future_start(stay, NULL, 0);
    gate_pass(&busy);
}

static void end_running(void)
{
    gate_open(&never);
    future_join_all((Future *[]){ seven, failed, running }, 3);
}

TEST(not_settled, "a child that would wait for a parent's task says so")
{
    children_must_have_threads();
    start_running();
    in_child(await_in_all_ways);
    end_running();
}

static atomic_bool later;

static void return_later(Task *self)
{
    look_for(&later);
    task_return(self, value_int(8));
}

static void await_any_of_both(void)
{
    size_t index = 9;
    Value value;
    Future *own = future_start(return_later, NULL, 0);
    Future *futures[] = { running, failed, own };
    CHECK(future_await_any_until(futures, 3, &value, &index,
                                 deadline_in_ms(5)) == WAIT_TIMED_OUT);
    Future *early_fail = future_start(fail, NULL, 0);
    CHECK_INT(future_await(early_fail).type, VALUE_ERROR);
    CHECK_TEXT(
        future_await_all((Future *[]){ running, early_fail }, 2, NULL).text,
        "failed");
    atomic_store(&later, true);
    CHECK_INT(future_await_any(futures, 3, &index).integer, 8);
    CHECK_INT((long long)index, 2);
    future_join(&own);
    future_join(&early_fail);
}

TEST(another_decides, "a child awaits any of a parent's and its own futures, "
                      "when its own decides")
{
    children_must_have_threads();
    start_running();
    in_child(await_any_of_both);
    end_running();
}

// Tasks of the parent that have not begun.

static Pool *pool;
static Future *waiting;

static void cancel_in_child(void)
{
    CHECK(future_cancel(waiting));
    CHECK(!future_cancel(waiting));
    CHECK_TEXT(future_await(waiting).text, "cancelled");
    future_join(&waiting);
    CHECK(waiting == NULL);
    CHECK_INT(atomic_load(&runs), 0);
}

static void cancel_without_pool(void)
{
    pool_join(&pool);
    cancel_in_child();
}

TEST(cancelled, "a child cancels a parent's task in its own copy alone")
{
    Future *busy_with;
    pool = busy_pool(&busy_with);
    waiting = pool_start(pool, count_run, NULL, 0);
    in_child(cancel_in_child);
    in_child(cancel_without_pool);
    set_free(pool, busy_with);
    CHECK_INT(atomic_load(&runs), 1);
    CHECK_INT(future_await(waiting).type, VALUE_NONE);
    future_join(&waiting);
}

// Threads sleep for it in the parent. In the child their stacks are used again,
// and the list of them must not be followed.

static void cancel_on_other_stacks(void)
{
    use_many_stacks();
    cancel_in_child();
    check_own();
}

static void await_waiting(Task *self)
{
    Value value;
    if (future_await_until(waiting, &value, far_away()) == WAIT_OK)
        task_return(self, value_int(1));
}

TEST(cancelled_awaited, "the same while threads of the parent await it")
{
    children_must_have_threads();
    Future *busy_with, *others[4];
    pool = busy_pool(&busy_with);
    waiting = pool_start(pool, count_run, NULL, 0);
    for (int i = 0; i < 4; i++)
        others[i] = future_start(await_waiting, NULL, 0);
    for (int i = 0; i < 10; i++) {
        test_let_others_run();  // so that they sleep, very probably
        in_child(cancel_on_other_stacks);
    }
    set_free(pool, busy_with);
    for (int i = 0; i < 4; i++)
        CHECK_INT(future_await(others[i]).integer, 1);
    future_join_all(others, 4);
    future_join(&waiting);
}

static void help_in_child(void)
{
    CHECK_DIES(join_it, not_here);
    CHECK_DIES(await_it, not_here);
    CHECK_INT(atomic_load(&runs), 0);
}

TEST(no_help, "a child runs no task that waited in the parent")
{
    Future *busy_with;
    pool = busy_pool(&busy_with);
    running = pool_start(pool, count_run, NULL, 0);
    in_child(help_in_child);
    set_free(pool, busy_with);
    future_join(&running);
}

// Storms: threads that use futures while their process forks.

static atomic_bool enough;

static void await_time_after_time(WorkerContext *self)
{
    (void)self;
    Value value;
    while (!atomic_load(&enough)) {
        Deadline soon = deadline_in_ms(1);
        soon.ns -= 950 * 1000;
        CHECK(future_await_until(running, &value, soon) == WAIT_TIMED_OUT);
    }
}

static void start_time_after_time(WorkerContext *self)
{
    (void)self;
    while (!atomic_load(&enough)) {
        Future *futures[3];
        for (int i = 0; i < 3; i++)
            futures[i] =
                future_start(i == 1 ? return_text : return_seven, NULL, 0);
        Value values[3];
        CHECK_INT(future_await_all(futures, 3, values).type, VALUE_NONE);
        future_join_all(futures, 3);
    }
}

static void use_all_lists(void)
{
    Future *futures[40];
    Value values[40];
    for (int i = 0; i < 40; i++)
        futures[i] = future_start(return_seven, NULL, 0);
    CHECK_INT(future_await_all(futures, 40, values).type, VALUE_NONE);
    CHECK_INT(values[39].integer, 7);
    CHECK_INT(future_await(seven).integer, 7);
    future_join_all(futures, 40);
    in_child(check_own);
}

// Did a child find a lock held, or a list half changed, it would hang.
TEST(storm, "children work that are forked while threads use futures")
{
    sanitizer_must_not_lock();
    children_must_have_threads();
    start_running();
    Worker *workers[4];
    for (int i = 0; i < 4; i++)
        workers[i] =
            worker_start(i % 2 ? await_time_after_time : start_time_after_time,
                         NULL);
    for (int i = 0; i < 100; i++)
        in_child(use_all_lists);
    atomic_store(&enough, true);
    for (int i = 0; i < 4; i++)
        worker_join(&workers[i]);
    end_running();
}
