// A task starts itself again while its pool is joined, and the first one may
// run in a thread that awaits it: the pool does not end before the last one.
#include "check.h"
#include "pool.h"

enum { STARTS = 3 };

static Pool *pool;
static Future *futures[STARTS];
static int runs;  // no lock: each task orders the next one

static void restart(Task *self)
{
    (void)self;
    int next = ++runs;
    if (next < STARTS)
        futures[next] = pool_start(pool, restart, NULL, 0);
}

static void await_first(void)
{
    CHECK(future_await(futures[0]).type == VALUE_NONE);
}

static void end_pool(void)
{
    pool_join(&pool);
}

int main(void)
{
    pool = pool_new(1);
    futures[0] = pool_start(pool, restart, NULL, 0);
    TOGETHER(await_first, end_pool);
    CHECK(runs == STARTS);
    future_join_all(futures, STARTS);
}
