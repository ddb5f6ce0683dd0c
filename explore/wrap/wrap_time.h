// Virtual time: deadlines of the program's calls, in nanoseconds.

#ifndef WRAP_TIME_H
#define WRAP_TIME_H

#include <stdbool.h>

// Converts a deadline by one of the system's clocks to virtual time.
struct timespec;
long long time_deadline(const struct timespec *time, bool monotonic);

// Converts a span of time to nanoseconds.
long long time_span(const struct timespec *span);

// The realtime clock is this much ahead of the monotonic one, in nanoseconds.
#define REALTIME (1700000000LL * 1000000000LL)

#endif
