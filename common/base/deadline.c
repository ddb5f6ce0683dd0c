// Deadlines: points in time on the monotonic clock, in nanoseconds since the
// machine was started. DEADLINE_NOW is 0, so that a try needs no look at the
// clock; DEADLINE_NEVER is the largest number, and no sum reaches it by
// overflow.
#include "base.h"

#include "deadline.h"

#include <time.h>

#define NS_IN_MS 1000000LL
#define NS_IN_S 1000000000LL

long long deadline_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * NS_IN_S + now.tv_nsec;
}

Deadline deadline_in_ms(long long milliseconds)
{
    if (milliseconds <= 0)
        return DEADLINE_NOW;
    long long now = deadline_now_ns();
    if (milliseconds > (LLONG_MAX - now) / NS_IN_MS)
        return DEADLINE_NEVER;
    return (Deadline){ now + milliseconds * NS_IN_MS };
}

long long deadline_remaining_ns(Deadline deadline)
{
    if (deadline.ns == DEADLINE_NEVER.ns)
        return LLONG_MAX;
    long long now = deadline.ns > 0 ? deadline_now_ns() : 0;
    return deadline.ns > now ? deadline.ns - now : 0;
}
