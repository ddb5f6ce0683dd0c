// Ends a process, or a thread, right before a certain store to certain memory.
//
// There is no trace of this in the library. For the tests that want it, it is
// compiled with -fsanitize=thread, which makes the compiler call a function
// before each load and store, and in the place of each atomic one. Our own
// functions of these names count the stores (crash_points.c). So every store is
// a crash point, also a store that no test had in mind; and so is every call
// that takes the map's lock, gives it back or declares it consistent, before
// and after.

#ifndef CRASH_POINTS_H
#define CRASH_POINTS_H

#include <stdbool.h>
#include <stddef.h>

// In which order the stores come true. Those that are not atomic may be kept
// back until the next that is, and may be done before the last that was: a
// compiler is free to do so, and a kill shows it.
typedef enum CrashOrder {
    CRASH_AS_WRITTEN,
    CRASH_PLAIN_LATE,
    CRASH_PLAIN_EARLY,
    CRASH_ORDERS
} CrashOrder;

// Only stores to this memory count. Call it first.
void crash_points_in(void *watched, size_t size);

// From now on this thread's crash points are counted. The one with this number,
// from 1 on, calls `die`, which does not return. 0: none does.
void crash_points_count(long fatal, CrashOrder order, void (*die)(void));

// Stops counting. Returns how many there were.
long crash_points_end(void);

// Of what was counted last: whether there the order makes a difference.
bool crash_points_differ(long fatal, CrashOrder order);

// Whether there was a store to this byte since it was last asked about.
bool crash_points_saw(size_t offset);

#endif
