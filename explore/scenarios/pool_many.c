// Several tasks wait for the one thread of their pool, which is ended at once:
// each runs once, in that thread or in the one that joins the future.
#include "check.h"
#include "pool.h"

enum { TASKS = 6 };

static int runs[TASKS];

static void run(Task *self)
{
    runs[*(const int *)self->args]++;
}

int main(void)
{
    Pool *pool = pool_new(1);
    Future *futures[TASKS];
    for (int i = 0; i < TASKS; i++)
        futures[i] = pool_start(pool, run, &i, sizeof i);
    future_join_all(futures, TASKS);
    pool_join(&pool);
    for (int i = 0; i < TASKS; i++)
        CHECK(runs[i] == 1);
}
