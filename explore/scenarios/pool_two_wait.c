// One thread awaits a pool's task while another joins the pool: the task runs
// once, in either thread, and the pool is not freed while it is in use.
#include "check.h"
#include "pool.h"

static Pool *pool;
static Future *future;
static int runs;

static void run(Task *self)
{
    runs++;
    task_return(self, value_int(5));
}

static void await(void)
{
    CHECK(future_await(future).integer == 5);
}

static void end_pool(void)
{
    pool_join(&pool);
}

int main(void)
{
    pool = pool_new(1);
    future = pool_start(pool, run, NULL, 0);
    TOGETHER(await, end_pool);
    future_join(&future);
    CHECK(runs == 1);
}
