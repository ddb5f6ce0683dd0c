// Futures under load, as many as LOAD says (load.h). Each task runs exactly
// once or is cancelled, each future has the value that belongs to it, and the
// memory stays as it was.

#include <stdatomic.h>

#include "base/die.h"
#include "load.h"
#include "pool.h"

enum { ALIVE = 32 };  // threads at a time

static atomic_long runs;

// A task's number, and what the task that ran last found there.
static void work(Task *self)
{
    const long *number = self->args;
    char text[40];
    atomic_fetch_add(&runs, 1);
    switch (*number % 5) {
    case 0:
        task_return(self, value_int(*number * 3));
        break;
    case 1:
        snprintf(text, sizeof text, "the result of %ld", *number);
        task_return(self, value_text(text));
        break;
    case 2:
        task_return(self, value_bytes(number, sizeof *number));
        break;
    case 3:
        task_return_error(self, "%ld failed", *number);
        break;
    default:;  // says nothing
    }
}

static void check_result(Value value, long number)
{
    char text[60];
    switch (number % 5) {
    case 0:
        CHECK_INT(value.type, VALUE_INT);
        CHECK_INT(value.integer, number * 3);
        break;
    case 1:
        snprintf(text, sizeof text, "the result of %ld", number);
        CHECK_INT(value.type, VALUE_TEXT);
        CHECK_TEXT(value.text, text);
        break;
    case 2:
        CHECK(value_equal(value, value_bytes(&number, sizeof number)));
        break;
    case 3:
        snprintf(text, sizeof text, "%ld failed", number);
        CHECK_INT(value.type, VALUE_ERROR);
        CHECK_TEXT(value.text, text);
        break;
    default:
        CHECK_INT(value.type, VALUE_NONE);
    }
}

static void check_and_join(Future *future, long number)
{
    check_result(future_await(future), number);
    future_join(&future);
}

TEST(threads, "100,000 futures with threads of their own, 32 at a time")
{
    static Future *futures[ALIVE];
    Load load = load_begin("futures with threads of their own", 100 * 1000);
    long started = 0;
    while (load_goes_on(&load)) {
        for (long end = started + load.share; started < end; started++) {
            Future **place = &futures[started % ALIVE];
            if (*place)
                check_and_join(*place, started - ALIVE);
            *place = future_start(work, &started, sizeof started);
        }
    }
    for (long number = started - ALIVE; number < started; number++)
        check_and_join(futures[number % ALIVE], number);
    CHECK_INT(runs, started);
    load_end(&load);
}

static void start_in_pool(Pool *pool, Future *futures[], long first, long count)
{
    for (long i = 0; i < count; i++) {
        long number = first + i;
        futures[i] = pool_start(pool, work, &number, sizeof number);
    }
}

// More than a thread keeps of those that it frees.
TEST(pool, "20,000,000 futures of a pool, 20,000 at a time")
{
    Pool *pool = pool_new(0);
    Load load = load_begin("futures of a pool", 20 * 1000 * 1000);
    Future **futures = must_calloc((size_t)load.share, sizeof(Future *));
    long started = 0;
    while (load_goes_on(&load)) {
        start_in_pool(pool, futures, started, load.share);
        for (long i = 0; i < load.share; i++)
            check_and_join(futures[i], started + i);
        started += load.share;
    }
    CHECK_INT(runs, started);
    pool_join(&pool);
    load_end(&load);
    free(futures);
}

// Returns whether it was cancelled.
static bool cancel_or_check(Future *future, long number)
{
    bool cancelled = number % 2 == 0 && future_cancel(future);
    if (cancelled) {
        CHECK_TEXT(future_await(future).text, "cancelled");
        future_join(&future);
    } else {
        check_and_join(future, number);
    }
    return cancelled;
}

TEST(cancelled, "of 5,000,000 futures some are cancelled, the others run")
{
    Pool *pool = pool_new(2);
    Load load =
        load_begin("futures, every other one to be cancelled", 5 * 1000 * 1000);
    Future **futures = must_calloc((size_t)load.share, sizeof(Future *));
    long started = 0, cancelled = 0;
    while (load_goes_on(&load)) {
        start_in_pool(pool, futures, started, load.share);
        for (long i = load.share; i-- > 0;)
            cancelled += cancel_or_check(futures[i], started + i);
        started += load.share;
    }
    CHECK_INT(runs + cancelled, started);
    pool_join(&pool);
    load_end(&load);
    printf("    of these %ld were cancelled\n", cancelled);
    free(futures);
}

// The pool's threads are new each time, and so is what they keep.
TEST(pools, "5,000 pools one after the other, each with 100 futures")
{
    Load load = load_begin("pools in turn", 5000);
    Future *futures[100];
    long started = 0;
    while (load_goes_on(&load)) {
        for (long i = 0; i < load.share; i++, started += 100) {
            Pool *pool = pool_new(3);
            start_in_pool(pool, futures, started, 100);
            pool_join(&pool);
            for (long k = 0; k < 100; k++)
                check_and_join(futures[k], started + k);
        }
    }
    CHECK_INT(runs, started);
    load_end(&load);
}
