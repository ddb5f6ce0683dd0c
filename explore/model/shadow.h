// What is known of each eight bytes of the program's memory: who used them
// last (for data races), the older values of atomics (history.h), whether
// they have been freed, and which mutex or other object is there (sync.h).

#ifndef SHADOW_H
#define SHADOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { READ = 0, WRITE = 1, ATOMIC = 2 };  // kinds of access; ATOMIC is added

enum { ACCESSES = 4 };

// One access to some of the eight bytes.
typedef struct Access {
    const void *place;
    uint32_t time;  // of the thread
    uint8_t thread;
    uint8_t bytes;  // one bit each; 0 is no access
    uint8_t kind;
} Access;

typedef struct Cell {
    uint32_t run;      // what follows is from that run of the program
    uint32_t history;  // of atomics here, or 0
    uint32_t object;   // of pthreads, or 0
    bool freed;
    Access accesses[ACCESSES];

    // For all runs: which threads have used it in operations at which
    // another thread may come between.
    uint32_t readers, writers;
} Cell;

// The cell of an address, as it is in this run; NULL where that is not
// memory of the program.
Cell *shadow_cell(const void *address);

// Begins a run: nothing is known of any memory.
void shadow_start(void);

// A data race does not end the run: it is noted, and the run goes on to what
// it prints.
extern bool race_goes_on;

// Notes a use of memory and ends the run if it is a data race, or a use of
// memory that was freed or of a function that has returned.
void shadow_access(const void *address, size_t size, int kind,
                   const void *place);

// The same, and the caller's are the first bytes: atomics and mutexes that
// were there are forgotten.
void shadow_overwrite(const void *address, size_t size, const void *place);

// From now on a use of this memory is a finding.
void shadow_free(const void *address, size_t size, const void *place);

// Two threads use it in this run or another: for an object that one thread
// only uses, the order does not matter. shadow_touch notes a use, and
// shadow_contention_grew says whether one became contended since the last
// call.
void shadow_touch(const void *object, int kind);
bool shadow_is_contended(const void *object);
bool shadow_contention_grew(void);

#endif
