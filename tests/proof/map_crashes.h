// Crashes in the middle of a change of the map, each of them tried.
//
// A mutation is one call on a map that was prepared for it. It is made once to
// the end, to learn what the map holds before and after, and how many crash
// points there are (crash_points.h). Then it is made again from the same start,
// and again, and each time it ends at another point. The survivors must find
// the map as it was before or as it was to be, and lose nothing else: neither
// another key nor room.

#ifndef MAP_CRASHES_H
#define MAP_CRASHES_H

#include <stdbool.h>
#include <stddef.h>

#include "shared_map.h"

typedef struct Mutation {
    const char *words;  // what it does
    size_t map_bytes;
    void (*prepare)(SharedMap *map);
    void (*call)(SharedMap *map);
} Mutation;

// Figures, for each test to print.
typedef struct Crashes {
    long points, orders;  // killed at so many, and at these with a difference
    long waited, waits;   // at so many, and so often another waited
    long pairs, repeats;
} Crashes;

extern Crashes crashes;

// Call it first. Ends the test as one that cannot be tried where it cannot.
void crashes_must_be_possible(void);

// The process is killed at each of its crash points.
void crash_at_each(const Mutation *mutation);

// The same while two others wait for the map's lock, if it is held then.
void crash_with_others_waiting(const Mutation *mutation);

// After each of these crashes another process makes a call, which puts the map
// in order first, and which is also killed at each of its crash points. Or it
// is a thread that ends there, which is quicker, unless the environment has
// CRASHES.
void crash_twice(const Mutation *mutation);

// A thread ends at the same crash point again and again. Afterwards there is as
// much room in the map as before.
void crash_again_and_again(const Mutation *mutation);

// The same for a call that adds another key each time, up to a full map.
void crash_on_and_on(const Mutation *mutation);

// Every byte that changes was a crash point.
void crash_points_are_all(const Mutation *mutation);

// To prepare a map: calls `meanwhile` until `call` would make the map move to
// its other table, or its index grow. It is not called yet.
void until_it_moves(void (*meanwhile)(SharedMap *map),
                    void (*call)(SharedMap *map));
void until_it_grows(void (*meanwhile)(SharedMap *map),
                    void (*call)(SharedMap *map));

#endif
