// Vector clocks: how much each thread knows of each other one.
//
// A thread's own entry counts what it has published. An event of thread t
// at time n has happened before us when our clock has n or more for t.

#ifndef CLOCK_H
#define CLOCK_H

#include <stdbool.h>
#include <stdint.h>

// In one run of a program, with those that have ended.
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
