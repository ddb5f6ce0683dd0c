#ifndef OURS_MAP_REALS_H
#define OURS_MAP_REALS_H

#include "bench.h"

// Like the uniform cells of ours_map.c; detail: how many of a hundred
// operations are sets.
double ours_map_reals(const Cell *cell);

#endif
