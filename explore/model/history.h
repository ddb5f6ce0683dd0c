// The C11 memory model for atomics: a load may return an older value, unless
// something that happened before it rules that out.
//
// Each atomic object has a history of its last stores in the order in which
// they were made, which is its modification order here. A load may return any
// of them that no later one hides. A later store hides the older ones
//   - if it happened before the load, or a load of it did (coherence);
//   - for sequentially consistent loads, and for loads after a sequentially
//     consistent fence: if it is earlier in that total order.
// An acquire that reads from a release sees all that came before the release. A
// read-modify-write always reads the last store, and continues its release
// sequence.
//
// Left out: loads cannot return a store that comes later in the run (load
// buffering), and the modification order is the order of the run.

#ifndef HISTORY_H
#define HISTORY_H

#include <stddef.h>
#include <stdint.h>

#include "cell.h"

// The stores to one atomic object, of which the last MAX_STORES are kept.
// Orders are C11's memory_order_*; sizes are 1, 2, 4 or 8 bytes. `back` names a
// store: it is the number of newer ones.
enum { MAX_STORES = 8 };
typedef struct History History;

// Begins a run: there are no atomics.
void history_start(void);

// Returns the history of an atomic; in a run's first use of it, its value in
// memory is its only store.
History *history_of(const void *address, int size);

// Returns the number of stores that a load of this order may choose from: the
// last one, and those before it. At least 1.
int history_choices(History *history, int order);

// Returns the value of a store, without a load.
uint64_t history_value(History *history, int back);

// The calling thread loads that store's value, which is returned.
uint64_t history_read(History *history, int back, int order);

// The calling thread stores the value.
void history_write(History *history, uint64_t value, int order);

// The calling thread loads the last store and stores the value, in one
// operation: a read-modify-write.
void history_replace(History *history, uint64_t value, int order);

// The calling thread makes a fence.
void history_fence(int order);

// Forgets the atomics of a cell that lie in these bytes, because plain writes
// have overwritten them.
void history_forget(Cell *cell, const void *address, size_t size);

#endif
