// Shadow memory: a cell for each eight bytes of the program's memory. It holds
//   - the last accesses, which the race detector compares with the next one;
//   - the histories of the atomics there (history.h);
//   - the mutex or other object there (sync.h);
//   - whether the bytes have been freed.

#ifndef SHADOW_H
#define SHADOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cell.h"

// Returns the cell of an address in this run, or NULL if that is not memory of
// the program.
Cell *shadow_cell(const void *address);

// Begins a run: all cells are empty.
void shadow_start(void);

// With this set a data race does not end the run: it is noted, and the run goes
// on to its output.
extern bool race_goes_on;

// Notes an access to memory. Ends the run if it is a data race, or a use of
// freed memory or of a local variable of a function that has returned.
void shadow_access(const void *address, size_t size, int kind,
                   const void *place);

// The same for a plain write; atomics and mutexes in these bytes are forgotten.
void shadow_overwrite(const void *address, size_t size, const void *place);

// Marks the memory as freed: from now on a use of it is a finding.
void shadow_free(const void *address, size_t size, const void *place);

// Whether two threads use the object, in this run or an earlier one, and one of
// them writes. Otherwise the order of their operations does not matter.
bool shadow_is_contended(const void *object);

// A scheduling point before an operation on the object. The operation counts
// for shadow_is_contended.
void point_at(const char *name, const void *object, int kind,
              const void *place);

// Whether an object became contended since the last call.
bool shadow_contention_grew(void);

#endif
