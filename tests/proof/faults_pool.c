// pool.h under faults. Unlike a future's, a pool's threads must all start, some
// of them at a second try.
#include "pool.h"

#include "faults.h"

static void twice(Task *self)
{
    const int *number = self->args;
    task_return(self, value_int(2 * *number));
}

static void say(Task *self)
{
    task_return(self, value_bytes(self->args, self->size));
}

// Its tasks start tasks, and wait for them.
static void start_another(Task *self)
{
    Pool *pool = *(Pool *const *)self->args;
    Future *future = pool_start(pool, twice, &(int){ 4 }, sizeof(int));
    task_return(self, future_await(future));
    future_join(&future);
}

static void run_some(Pool *pool)
{
    Future *futures[] = {
        pool_start(pool, twice, &(int){ 2 }, sizeof(int)),
        pool_start(pool, start_another, &pool, sizeof pool),
        pool_start(pool, say, "Hello!", 6),
    };
    Value values[3];
    CHECK_INT(future_await_all(futures, 3, values).type, VALUE_NONE);
    CHECK_INT(values[0].integer, 4);
    CHECK_INT(values[1].integer, 8);
    CHECK(value_equal(values[2], value_bytes("Hello!", 6)));
    future_join_all(futures, 3);
}

// Nothing is left at the end.
static void use_pool(size_t threads)
{
    Pool *pool = pool_new(threads);
    run_some(pool);
    Future *future = pool_start(pool, twice, &(int){ 1 }, sizeof(int));
    future_cancel(future);
    pool_join(&pool);
    future_join(&future);
}

static void use_one_thread(void)
{
    use_pool(1);
}

static void use_some_threads(void)
{
    use_pool(3);
}

static void use_every_core(void)
{
    Pool *pool = pool_new(0);
    pool_join(&pool);
}

TEST(one_thread, "a pool of one thread")
{
    try_faults(use_one_thread, (FaultOptions){ 0 });
}

TEST(threads, "a pool of three threads")
{
    try_faults(use_some_threads, (FaultOptions){ 0 });
}

TEST(cores, "a pool of as many threads as there are cores")
{
    try_faults(use_every_core, (FaultOptions){ 0 });
}
