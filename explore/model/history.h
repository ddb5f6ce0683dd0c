// Atomics as C11 has them: a load may return an older value, unless
// something that happened before it rules that out.
//
// Each atomic object has a list of its last stores in the order in which
// they were made, which is its modification order here. A load may return
// any that is not hidden from it by a later one: by one that happened
// before it (the store itself, or that somebody read it), or for
// sequentially consistent loads and after fences by one that is earlier in
// that total order. An acquire that reads from a release sees all that came
// before. A read-modify-write reads the last store always, and continues
// its release sequence.
//
// What this leaves out: loads cannot return a store that comes later in the
// run (load buffering), and modification order is the order of the run.

#ifndef HISTORY_H
#define HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cell.h"

// Each is a point. Sizes: 1, 2, 4 or 8 bytes. orders are C11's
// memory_order_*.
uint64_t history_load(const void *address, int size, int order,
                      const void *place);
void history_store(void *address, int size, uint64_t value, int order,
                   const void *place);

// Stores update(old, operand) and returns the old value.
uint64_t history_update(void *address, int size,
                        uint64_t (*update)(uint64_t old, uint64_t operand),
                        uint64_t operand, int order, const void *place);

// Returns true if it was *expected and is now the desired value; else puts
// there what it was. A weak one may also fail without a reason.
bool history_compare_exchange(void *address, int size, uint64_t *expected,
                              uint64_t desired, int order, int failure,
                              bool weak, const void *place);

void history_fence(int order, const void *place);

// Begins a run.
void history_start(void);

// Forgets the atomics in a cell that lie in these bytes: they were written
// to as if they were none.
void history_forget(Cell *cell, const void *address, size_t size);

#endif
