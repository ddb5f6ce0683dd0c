// A task awaits another task of its pool, which has one thread. No deadlock:
// the awaiting thread runs the task itself (work helping).
#include "check.h"
#include "pool.h"

static Pool *pool;

static void inner(Task *self)
{
    task_return(self, value_int(2));
}

static void outer(Task *self)
{
    Future *future = pool_start(pool, inner, NULL, 0);
    Value value = future_await(future);
    future_join(&future);
    task_return(self, value_int(value.integer + 1));
}

int main(void)
{
    pool = pool_new(1);
    Future *future = pool_start(pool, outer, NULL, 0);
    CHECK(future_await(future).integer == 3);
    future_join(&future);
    pool_join(&pool);
}
