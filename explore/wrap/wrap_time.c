// Virtual time: clocks and sleeps of the program.
//
// Time passes when no thread is ready, when a wait ends at its deadline as a
// surprise, and by a microsecond at each call that reads a clock. So a sleep
// costs nothing, a run is repeatable, and a deadline may pass at any point: a
// program that is correct only because a sleep is long enough is found.

#define _GNU_SOURCE
#include <errno.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "schedule/point.h"
#include "wrap.h"
#include "wrap_time.h"

long long time_span(const struct timespec *span)
{
    return (long long)span->tv_sec * 1000000000LL + span->tv_nsec;
}

long long time_deadline(const struct timespec *time, bool monotonic)
{
    return time_span(time) - (monotonic ? 0 : REALTIME);
}

// The microsecond ends loops that poll a clock until some time has passed.
static struct timespec look_at_clock(clockid_t clock)
{
    if (self != NULL)
        now += 1000;
    long long time = now + (clock == CLOCK_REALTIME ? REALTIME : 0);
    return (struct timespec){ .tv_sec = (time_t)(time / 1000000000LL),
                              .tv_nsec = (long)(time % 1000000000LL) };
}

int WRAP(clock_gettime)(clockid_t clock, struct timespec *time)
{
    *time = look_at_clock(clock);
    return 0;
}

int WRAP(timespec_get)(struct timespec *time, int base)
{
    *time = look_at_clock(CLOCK_REALTIME);
    return base;
}

time_t WRAP(time)(time_t *time)
{
    time_t seconds = look_at_clock(CLOCK_REALTIME).tv_sec;
    if (time != NULL)
        *time = seconds;
    return seconds;
}

int WRAP(gettimeofday)(struct timeval *time, void *zone)
{
    (void)zone;
    struct timespec precise = look_at_clock(CLOCK_REALTIME);
    time->tv_sec = precise.tv_sec;
    time->tv_usec = precise.tv_nsec / 1000;
    return 0;
}

// The thread waits on itself, an object that no thread wakes. POSIX promises
// only that a sleep is not too short: other threads may run at its deadline
// first.
static void sleep_until(long long deadline, const void *place)
{
    point_wait((Wait){ self, "time to pass", deadline, false }, place);
}

int WRAP(nanosleep)(const struct timespec *span, struct timespec *rest)
{
    (void)rest;
    sleep_until(now + time_span(span), CALLER);
    return 0;
}

int WRAP(clock_nanosleep)(clockid_t clock, int flags,
                          const struct timespec *time, struct timespec *rest)
{
    (void)rest;
    sleep_until(flags & TIMER_ABSTIME
                    ? time_deadline(time, clock != CLOCK_REALTIME)
                    : now + time_span(time),
                CALLER);
    return 0;
}

int WRAP(usleep)(useconds_t microseconds)
{
    sleep_until(now + microseconds * 1000LL, CALLER);
    return 0;
}

unsigned WRAP(sleep)(unsigned seconds)
{
    sleep_until(now + seconds * 1000000000LL, CALLER);
    return 0;
}
