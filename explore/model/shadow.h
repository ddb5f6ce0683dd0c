// What is known of each eight bytes of the program's memory: who used them
// last (for data races), the older values of atomics (history.h), whether
// they have been freed, and which mutex or other object is there (sync.h).

#ifndef SHADOW_H
#define SHADOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cell.h"

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

// Whether two threads use the object in this run or another, and one of them
// writes: of an object that only one thread uses, the order does not matter.
bool shadow_is_contended(const void *object);

// A point before a use of the object, which is noted.
void point_at(const char *name, const void *object, int kind,
              const void *place);

// Says whether an object became contended since the last call.
bool shadow_contention_grew(void);

#endif
