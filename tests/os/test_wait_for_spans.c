// The same tests once more, with waits for a span of time, as macOS has them
// instead of waits on the monotonic clock. Elsewhere this program makes such a
// wait of one on the wall clock.
#define _GNU_SOURCE  // as os_futex.c has it
#define OS_HAS_CONDITION_CLOCK 0
#include <pthread.h>
#include <time.h>

#ifndef __APPLE__
static int pthread_cond_timedwait_relative_np(pthread_cond_t *condition,
                                              pthread_mutex_t *mutex,
                                              const struct timespec *span)
{
    const long second = 1000 * 1000 * 1000;  // in ns
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += span->tv_sec + (until.tv_nsec + span->tv_nsec) / second;
    until.tv_nsec = (until.tv_nsec + span->tv_nsec) % second;
    return pthread_cond_timedwait(condition, mutex, &until);
}
#endif

#include "test_wait_with_pthread.c"
