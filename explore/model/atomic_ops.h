// The program's atomic operations, each of which is a scheduling point.
//
// Sizes are 1, 2, 4 or 8 bytes, and orders are C11's memory_order_*. history.h
// says which values a load may return; here one of them is chosen.

#ifndef ATOMIC_OPS_H
#define ATOMIC_OPS_H

#include <stdbool.h>
#include <stdint.h>

uint64_t atomic_op_load(const void *address, int size, int order,
                        const void *place);
void atomic_op_store(void *address, int size, uint64_t value, int order,
                     const void *place);

// Stores update(old, operand) and returns the old value.
uint64_t atomic_op_update(void *address, int size,
                          uint64_t (*update)(uint64_t old, uint64_t operand),
                          uint64_t operand, int order, const void *place);

// Returns true if the value was *expected, and is the desired one now.
// Otherwise it sets *expected to the value that it has read. A weak one may
// also fail spuriously.
bool atomic_op_compare_exchange(void *address, int size, uint64_t *expected,
                                uint64_t desired, int order, int failure,
                                bool weak, const void *place);

void atomic_op_fence(int order, const void *place);

#endif
