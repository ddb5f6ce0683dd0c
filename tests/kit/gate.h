// A gate that threads of a test wait at: closed at first, and once it is
// opened, open for all.

#ifndef GATE_H
#define GATE_H

#include "atomics.h"

typedef _Atomic int32_t Gate;

static inline void gate_open(Gate *gate)
{
    atomic_store(gate, 1);
    atomics_notify(gate, ATOMICS_ALL);
}

static inline void gate_pass(Gate *gate)
{
    while (atomic_load(gate) == 0)
        atomics_wait(gate, 0);
}

// Returns when `all` have come: the last of them opens the gate.
static inline void gate_meet(Gate *gate, atomic_int *come, int all)
{
    if (atomic_fetch_add(come, 1) + 1 == all)
        gate_open(gate);
    gate_pass(gate);
}

#endif
