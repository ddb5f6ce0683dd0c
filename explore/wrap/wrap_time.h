// Deadlines of the program's calls.

#ifndef WRAP_TIME_H
#define WRAP_TIME_H

#include <stdbool.h>

// From a deadline by one of the system's clocks to one by ours.
struct timespec;
long long time_deadline(const struct timespec *time, bool monotonic);
long long time_span(const struct timespec *span);

// What the realtime clock is ahead of the monotonic one, nanoseconds.
#define REALTIME (1700000000LL * 1000000000LL)

#endif
