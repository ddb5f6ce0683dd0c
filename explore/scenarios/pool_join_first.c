// pool_join waits for all tasks that were started. Their futures outlive the
// pool, with their values.
#include "check.h"
#include "pool.h"

static int runs[2];

static void run(Task *self)
{
    int number = *(const int *)self->args;
    runs[number]++;
    task_return(self, value_int(number));
}

int main(void)
{
    Pool *pool = pool_new(1);
    Future *futures[2];
    for (int i = 0; i < 2; i++)
        futures[i] = pool_start(pool, run, &i, sizeof i);
    pool_join(&pool);
    for (int i = 0; i < 2; i++) {
        CHECK(runs[i] == 1);
        CHECK(future_await(futures[i]).integer == i);
        future_join(&futures[i]);
    }
}
