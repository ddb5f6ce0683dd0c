// A pool of one thread: a task runs once, in the pool's thread or in the thread
// that awaits it.
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
    CHECK(future_await(future).integer == 5);
    future_join(&future);
    CHECK(runs == 1);
    pool_join(&pool);
}
