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

#endif
