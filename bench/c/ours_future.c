// Tasks in threads of their own, and in a pool: future.h and pool.h.

#include <stdlib.h>

#include "bench.h"
#include "future.h"
#include "pool.h"

static void add_one(Task *self)
{
    const long long *number = self->args;
    task_return(self, value_int(*number + 1));
}

static Future *start(Pool *pool, long long number)
{
    if (pool != NULL)
        return pool_start(pool, add_one, &number, sizeof number);
    return future_start(add_one, &number, sizeof number);
}

static uint64_t finish(Future *future)
{
    Value value = future_await(future);
    bench_check(value.type == VALUE_INT, "%s",
                value.type == VALUE_ERROR ? value.text : "no number");
    future_join(&future);
    return (uint64_t)value.integer;
}

// Starts `batch` tasks, then awaits them all, again and again.
static uint64_t run_batches(Pool *pool, long long batches, long long batch)
{
    Future **futures = malloc((size_t)batch * sizeof *futures);
    uint64_t sum = 0;
    for (long long b = 0; b < batches; b++) {
        for (long long i = 0; i < batch; i++)
            futures[i] = start(pool, i);
        for (long long i = 0; i < batch; i++)
            sum += finish(futures[i]);
    }
    free(futures);
    return sum;
}

// detail is how many tasks there are in a batch.
static double measure(const Cell *cell, Pool *pool)
{
    long long batch = cell->detail;
    long long batches = cell->count / batch > 0 ? cell->count / batch : 1;
    long long begin = bench_now();
    uint64_t sum = run_batches(pool, batches, batch);
    long long ns = bench_now() - begin;
    bench_check(sum == bench_sum(batch + 1) * (uint64_t)batches,
                "the sum is wrong");
    return (double)ns / (double)(batch * batches);
}

static double in_threads(const Cell *cell)
{
    return measure(cell, NULL);
}

static double in_pool(const Cell *cell)
{
    Pool *pool = pool_new(0);
    double ns = measure(cell, pool);
    pool_join(&pool);
    return ns;
}

const Cell ours_future_cells[] = {
    { "future-thread", in_threads, 1, 200000, 1 },
    { "future-1000-threads", in_threads, 1, 40000, 1000 },
    { "future-pool", in_pool, 1, 10000000, 1 },
    { "future-10000", in_pool, 1, 10000000, 10000 },
    BENCH_END
};
