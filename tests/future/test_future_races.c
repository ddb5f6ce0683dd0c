// Futures that settle and end at about the moment at which a thread comes to
// wait. A lost wake-up would leave that thread waiting forever.

#include "gate.h"
#include "kit.h"
#include "pool.h"
#include "test.h"

enum { ROUNDS = 900 };

typedef struct Plan {
    int number;  // negative: fail
    unsigned before, after;
} Plan;

static void follow_plan(Task *self)
{
    const Plan *plan = self->args;
    let_pass(plan->before);
    if (plan->number >= 0)
        task_return(self, value_int(plan->number));
    else
        task_return_error(self, "%d", plan->number);
    let_pass(plan->after);
}

static Future *start(Pool *pool, int number)
{
    Plan plan = { number, random_moment(), random_moment() };
    return pool ? pool_start(pool, follow_plan, &plan, sizeof plan)
                : future_start(follow_plan, &plan, sizeof plan);
}

// Waits without a deadline, with one that is far, and with several that pass.
static Value await_somehow(Future *future, int how)
{
    Value value = value_none();
    switch (how % 4) {
    case 0:
        return future_await(future);
    case 1:
        CHECK_INT(future_await_until(future, &value, far_away()), WAIT_OK);
        break;
    case 2:
        while (future_await_until(future, &value, DEADLINE_NOW) != WAIT_OK)
            let_pass(random_moment());
        break;
    case 3:
        while (future_await_until(future, &value, deadline_in_ms(1)) != WAIT_OK)
            continue;
        break;
    }
    return value;
}

static void await_and_join(Pool *pool)
{
    for (int i = 0; i < test_rounds(ROUNDS); i++) {
        Future *future = start(pool, i);
        let_pass(random_moment());
        CHECK_INT(await_somehow(future, i).integer, i);
        let_pass(random_moment());
        future_join(&future);
    }
}

TEST(one, "a future settles and ends while its starter comes to wait")
{
    await_and_join(NULL);
}

TEST(one_of_a_pool, "the same in a pool")
{
    Pool *pool = pool_new(2);
    await_and_join(pool);
    pool_join(&pool);
}

TEST(ends, "a task ends while it is joined, whether it was awaited or not")
{
    for (int i = 0; i < test_rounds(ROUNDS); i++) {
        Future *future = start(NULL, i);
        if (i % 2)
            CHECK_INT(future_await(future).integer, i);
        let_pass(random_moment());
        future_join(&future);
    }
}

// Several awaiters.

static Future *shared;  // set before the tasks that use it start

static void await_shared(Task *self)
{
    const int *how = self->args;
    let_pass(random_moment());
    task_return(self, await_somehow(shared, *how));
}

static void await_in_four(Pool *pool)
{
    for (int i = 0; i < test_rounds(ROUNDS / 4); i++) {
        Future *others[3];
        shared = start(pool, i);
        for (int k = 0; k < 3; k++)
            others[k] = future_start(await_shared, &(int){ i + k }, sizeof k);
        CHECK_INT(await_somehow(shared, i + 3).integer, i);
        for (int k = 0; k < 3; k++)
            CHECK_INT(future_await(others[k]).integer, i);
        future_join_all(others, 3);
        future_join(&shared);
    }
}

TEST(four_wait, "four threads come to wait while a future settles")
{
    await_in_four(NULL);
}

TEST(four_wait_for_a_pool, "the same in a pool, where one of them may run it")
{
    Pool *pool = pool_new(1);
    await_in_four(pool);
    pool_join(&pool);
}

// All and any.

static void start_group(Pool *pool, Future *futures[4], int failing)
{
    for (int i = 0; i < 4; i++)
        futures[i] = start(i % 2 ? pool : NULL, i < failing ? -1 - i : i);
}

static void check_all(Future *futures[4], int failing, Deadline deadline)
{
    Value values[4];
    Value result;
    while (future_await_all_until(futures, 4, values, &result, deadline) !=
           WAIT_OK)
        continue;
    CHECK_INT(result.type, failing > 0 ? VALUE_ERROR : VALUE_NONE);
    for (int i = 0; i < 4 && failing == 0; i++)
        CHECK_INT(values[i].integer, i);
}

static void check_any(Future *futures[4], int failing, Deadline deadline)
{
    Value value;
    size_t index = 5;
    while (future_await_any_until(futures, 4, &value, &index, deadline) !=
           WAIT_OK)
        continue;
    CHECK_INT(value.type, failing == 4 ? VALUE_ERROR : VALUE_INT);
    CHECK(failing == 4 ? index == 4 : index >= (size_t)failing && index < 4);
}

TEST(groups, "groups settle while somebody comes to wait for all or any")
{
    Pool *pool = pool_new(1);
    for (int i = 0; i < test_rounds(ROUNDS / 2); i++) {
        Future *futures[4];
        int failing = i % 5;
        start_group(pool, futures, failing);
        let_pass(random_moment());
        Deadline deadline = i % 3 == 0   ? DEADLINE_NEVER
                            : i % 3 == 1 ? DEADLINE_NOW
                                         : far_away();
        if (my_random_below(2))
            check_all(futures, failing, deadline);
        else
            check_any(futures, failing, deadline);
        future_join_all(futures, 4);
    }
    pool_join(&pool);
}

// The awaiter goes on the lists at once, and just then they settle.
TEST(pairs,
     "pairs settle in the moment in which somebody comes to wait for both")
{
    for (int i = 0; i < test_rounds(ROUNDS); i++) {
        Value values[2];
        Plan plan = { i, my_random_below(40), 0 };
        Future *futures[] = {
            future_start(follow_plan, &plan, sizeof plan),
            future_start(follow_plan, &plan, sizeof plan),
        };
        let_pass(my_random_below(40));
        CHECK_INT(future_await_all(futures, 2, values).type, VALUE_NONE);
        CHECK_INT(values[0].integer + values[1].integer, 2 * i);
        future_join_all(futures, 2);
    }
}

TEST(many_left, "one of many settles otherwise while they are looked at")
{
    enum { MANY = 200 };
    Pool *pool = pool_new(2);
    for (int i = 0; i < 60; i++) {
        Future *futures[MANY];
        size_t odd = my_random_below(MANY);
        bool any = i % 2;
        for (size_t k = 0; k < MANY; k++)
            futures[k] =
                start(k % 20 ? pool : NULL, (k == odd) == any ? 1 : -1);
        size_t index = odd;
        if (any)
            CHECK_INT(future_await_any(futures, MANY, &index).integer, 1);
        else
            CHECK_TEXT(future_await_all(futures, MANY, NULL).text, "-1");
        CHECK_INT((long long)index, (long long)odd);
        future_join_all(futures, MANY);
    }
    pool_join(&pool);
}

static Gate go;

static void return_when_open(Task *self)
{
    gate_pass(&go);
    task_return(self, value_int(1));
}

static void give_up_often(Task *self)
{
    (void)self;
    for (int i = 0; i < 100; i++) {
        Value value;
        Future *twice[] = { shared, shared };
        Deadline soon = deadline_in_ms(my_random_below(3));
        if (future_await_until(shared, &value, soon) == WAIT_OK)
            CHECK_INT(value.integer, 1);
        soon = deadline_in_ms(my_random_below(3));
        if (future_await_all_until(twice, 2, NULL, &value, soon) == WAIT_OK)
            CHECK_INT(value.type, VALUE_NONE);
    }
}

TEST(given_up_waits, "several give up waiting for the same, in any order")
{
    Future *others[3];
    shared = future_start(return_when_open, NULL, 0);
    for (int i = 0; i < 3; i++)
        others[i] = future_start(give_up_often, NULL, 0);
    future_join_all(others, 3);
    gate_open(&go);
    CHECK_INT(future_await(shared).integer, 1);
    future_join(&shared);
}

// Cancelling.

static void cancel_shared(Task *self)
{
    let_pass(random_moment() % 100);
    task_return(self, value_bool(future_cancel(shared)));
}

static atomic_int runs;

static void count_run(Task *self)
{
    atomic_fetch_add(&runs, 1);
    task_return(self, value_int(1));
}

static void cancel_in_three(Pool *pool)
{
    for (int i = 0; i < test_rounds(ROUNDS / 3); i++) {
        Future *others[3];
        atomic_store(&runs, 0);
        shared = pool ? pool_start(pool, count_run, NULL, 0)
                      : future_start(count_run, NULL, 0);
        for (int k = 0; k < 3; k++)
            others[k] = future_start(cancel_shared, NULL, 0);
        int ends = 0;
        for (int k = 0; k < 3; k++)
            ends += future_await(others[k]).boolean;
        bool cancelled = ends == 1;
        CHECK_INT(future_await(shared).type,
                  cancelled ? VALUE_ERROR : VALUE_INT);
        future_join_all(others, 3);
        future_join(&shared);
        CHECK_INT(ends + atomic_load(&runs), 1);
    }
}

TEST(cancel, "of a thread that begins a task and three that cancel it one wins")
{
    cancel_in_three(NULL);
}

TEST(cancel_in_a_pool, "the same in a pool, again")
{
    Pool *pool = pool_new(1);
    cancel_in_three(pool);
    pool_join(&pool);
}
