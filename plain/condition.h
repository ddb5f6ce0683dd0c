// A condition variable with a deadline on the monotonic clock: the two calls
// that are not the same on every system. All else in this folder is plain
// pthread_mutex_lock, pthread_cond_wait, pthread_cond_signal.

#ifndef CONDITION_H
#define CONDITION_H

#include "base/names.h"

#include <errno.h>
#include <pthread.h>
#include <time.h>

#include "base/die.h"
#include "deadline.h"
#include "os/os_has.h"

// PTHREAD_COND_INITIALIZER would measure time on the clock that people set.
static inline void condition_init(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;
    must(pthread_condattr_init(&attributes));
#if OS_HAS_CONDITION_CLOCK
    must(pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC));
#endif
    must(pthread_cond_init(condition, &attributes));
    must(pthread_condattr_destroy(&attributes));
}

// Releases the mutex, sleeps, and takes the mutex again. Returns false when the
// deadline has passed. Like pthread_cond_wait it may also return without a
// signal (a spurious wake-up), so every call stands in a loop that looks at its
// predicate: while (!it_is_so && in_time) in_time = condition_wait(...);
static inline bool condition_wait(pthread_cond_t *condition,
                                  pthread_mutex_t *mutex, Deadline deadline)
{
    if (deadline.ns == DEADLINE_NEVER.ns) {
        must(pthread_cond_wait(condition, mutex));
        return true;
    }
    long long left = deadline_remaining_ns(deadline);
    if (left == 0)
        return false;
#if OS_HAS_CONDITION_CLOCK
    struct timespec until = { deadline.ns / 1000000000,
                              deadline.ns % 1000000000 };
    int error = pthread_cond_timedwait(condition, mutex, &until);
#else  // a span of time
    struct timespec span = { left / 1000000000, left % 1000000000 };
    int error = pthread_cond_timedwait_relative_np(condition, mutex, &span);
#endif
    must_be_zero(error == ETIMEDOUT ? 0 : error, "pthread_cond_timedwait");
    return error == 0;
}

#endif
