// Two tasks that wait for each other need both threads of the pool: a thread
// that takes a task must wake the next one, or the second task is never run.
#include "check.h"
#include "os/os.h"
#include "pool.h"

static Waiter left, right, both;

static void go_left(Task *self)
{
    (void)self;
    waiter_wake(&right);
    CHECK(waiter_sleep(&left, DEADLINE_NEVER));
    waiter_wake(&both);
}

static void go_right(Task *self)
{
    (void)self;
    waiter_wake(&left);
    CHECK(waiter_sleep(&right, DEADLINE_NEVER));
}

int main(void)
{
    Pool *pool = pool_new(2);
    Future *futures[] = { pool_start(pool, go_left, NULL, 0),
                          pool_start(pool, go_right, NULL, 0) };
    CHECK(waiter_sleep(&both, DEADLINE_NEVER));
    pool_join(&pool);
    future_join_all(futures, 2);
}
