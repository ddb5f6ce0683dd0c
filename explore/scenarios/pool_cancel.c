// Cancel against a pool's thread that may take the task: the task runs, or it
// is cancelled. In either case pool_join returns, and does not wait for it.
#include "check.h"
#include "pool.h"

static int runs;

static void run(Task *self)
{
    runs++;
    task_return(self, value_int(5));
}

int main(void)
{
    Pool *pool = pool_new(1);
    Future *future = pool_start(pool, run, NULL, 0);
    bool cancelled = future_cancel(future);
    pool_join(&pool);
    CHECK(runs == !cancelled);
    CHECK((future_await(future).type == VALUE_ERROR) == cancelled);
    future_join(&future);
}
