// Vector clocks (C. Fidge, F. Mattern 1988), which decide happens-before: how
// much each thread knows of each other thread.
//
// A thread's own entry counts its releases, such as unlocks and atomic stores.
// An event of thread t at time n happens before the next event of each thread
// with n or more for t in its clock. A thread that acquires joins its clock
// with the released one.

#ifndef CLOCK_H
#define CLOCK_H

#include <stdbool.h>
#include <stdint.h>

// Threads in one run of a program, ended ones included.
enum { MAX_THREADS = 32 };

typedef struct Clock {
    uint32_t of[MAX_THREADS];
} Clock;

extern int thread_count;  // in this run so far: schedule/thread.c

static inline void clock_join(Clock *clock, const Clock *other)
{
    for (int i = 0; i < thread_count; i++)
        if (clock->of[i] < other->of[i])
            clock->of[i] = other->of[i];
}

static inline bool clock_knows(const Clock *clock, int thread, uint32_t time)
{
    return clock->of[thread] >= time;
}

#endif
