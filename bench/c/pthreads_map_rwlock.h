#ifndef PTHREADS_MAP_RWLOCK_H
#define PTHREADS_MAP_RWLOCK_H

#include "bench.h"

// Like the uniform cells of pthreads_map.c; detail: how many of a hundred
// operations are sets.
double rwlock_map(const Cell *cell);

#endif
