// Sizes that are too large for any memory: each call ends with a sentence, also
// where a sum or a product would be small again.

#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>

#include "pool.h"
#include "queue.h"
#include "shared_map.h"
#include "test.h"

// Not a constant, of which the compiler would warn.
static atomic_size_t minus_one = SIZE_MAX;

// The sentence with this size in it, until the next call.
static const char *with(const char *format, size_t size)
{
    static char sentence[200];
    snprintf(sentence, sizeof sentence, format, size);
    return sentence;
}

static const char no_memory[] = "out of memory: %zu bytes were wanted";

static void do_nothing(Task *self)
{
    (void)self;
}

static void pool_of_minus_one(void)
{
    pool_new(minus_one);
}

static void pool_of_too_many(void)
{
    pool_new(65537);
}

// Eight bytes each: the product is 0.
static void pool_of_a_product(void)
{
    pool_new(SIZE_MAX / 8 + 1);
}

TEST(pool, "a pool of -1 threads, and of others that are too many")
{
    CHECK_DIES(pool_of_minus_one,
               with("pool_new: %zu threads are too many", SIZE_MAX));
    CHECK_DIES(pool_of_too_many, "pool_new: 65537 threads are too many");
    CHECK_DIES(pool_of_a_product,
               with("pool_new: %zu threads are too many", SIZE_MAX / 8 + 1));
}

static void start_with_minus_one(void)
{
    future_start(do_nothing, "", minus_one);
}

static void start_with_a_sum(void)
{
    future_start(do_nothing, "", (size_t)-32);
}

static void start_in_pool(void)
{
    Pool *pool = pool_new(1);
    pool_start(pool, do_nothing, "", minus_one);
}

TEST(arguments, "arguments of -1 bytes, and of others that are too many")
{
    CHECK_DIES(start_with_minus_one, with(no_memory, SIZE_MAX));
    CHECK_DIES(start_with_a_sum, with(no_memory, SIZE_MAX));
    CHECK_DIES(start_in_pool, with(no_memory, SIZE_MAX));
}

static void return_minus_one(Task *self)
{
    task_return(self, value_bytes("", minus_one));
}

static void return_too_many(void)
{
    Future *future = future_start(return_minus_one, NULL, 0);
    (void)!future_await(future).type;
}

TEST(values, "a task that returns -1 bytes")
{
    CHECK_DIES(return_too_many, with(no_memory, SIZE_MAX));
}

static void queue_of_minus_one(void)
{
    queue_new(minus_one, 1);
}

static void queue_of_a_product(void)
{
    queue_new(SIZE_MAX / 64 + 1, 64);
}

TEST(queue, "queues that are too large")
{
    CHECK_DIES(queue_of_minus_one,
               with("queue_new: %zu items of 1 bytes are too many", SIZE_MAX));
    CHECK_DIES(queue_of_a_product,
               with("queue_new: %zu items of 64 bytes are too many",
                    SIZE_MAX / 64 + 1));
}

static void map_of_minus_one(void)
{
    shared_map_new_sized(minus_one);
}

TEST(map, "a map that is too large, and a value that no map can hold")
{
    CHECK_DIES(map_of_minus_one,
               with("shared_map_new_sized: no address space for a shared map "
                    "of %zu bytes",
                    SIZE_MAX));
    SharedMap *map = shared_map_new();
    CHECK(!shared_map_set(map, "key", value_bytes("", minus_one)));
    CHECK(!shared_map_has(map, "key"));
    shared_map_free(&map);
}
