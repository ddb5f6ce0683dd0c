// The same tests of the other way of waiting, which is in use where there is no
// futex. This program brings its own os_futex.c, so the library's is left out.
#define _GNU_SOURCE  // as os_futex.c has it
#ifndef WAIT_WITH_PTHREAD
#define WAIT_WITH_PTHREAD
#endif
#include <pthread.h>
#include <stdatomic.h>

#include "os/os_has.h"

static atomic_int waits;

#if OS_HAS_CONDITION_CLOCK
#define TIMED_WAIT pthread_cond_timedwait
#else
#define TIMED_WAIT pthread_cond_timedwait_relative_np
#endif

static int count_wait(pthread_cond_t *condition, pthread_mutex_t *mutex,
                      const struct timespec *limit)
{
    waits++;
    return TIMED_WAIT(condition, mutex, limit);
}

#define pthread_cond_timedwait count_wait
#define pthread_cond_timedwait_relative_np count_wait
#include "os/os_futex.c"

#include "test_wait.c"

TEST(one_wait, "a sleep until a deadline is one wait, in every bucket")
{
    enum { COUNT = 64 };  // a few for each bucket
    Waiter waiters[COUNT] = { { 0 } };
    for (int i = 0; i < COUNT; i++)
        CHECK(!waiter_sleep(&waiters[i], deadline_in_ms(2)));
    CHECK(waits < 5 * COUNT);  // more than one where it wakes for no reason
}
