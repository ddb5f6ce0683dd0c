#ifndef OURS_MAP_FULL_H
#define OURS_MAP_FULL_H

#include "bench.h"

// A map of 64 MiB that is half full, or full; detail: the percentage. Each
// operation is one call, or two that belong together.

// A set of a new key. In a full map it is refused; otherwise the key is
// deleted again.
double ours_map_new_key(const Cell *cell);

// A set of a text where there is one, each time of another size.
double ours_map_text(const Cell *cell);

// As in a cache: the oldest key is deleted, and a new one set.
double ours_map_cache(const Cell *cell);

#endif
