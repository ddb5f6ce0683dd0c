// The library's SharedMap, with integers.

#include <stdlib.h>

#include "map_load.h"
#include "ours_map_full.h"
#include "ours_map_reals.h"
#include "resident.h"
#include "shared_map.h"

typedef SharedMap Map;

enum { BYTES_A_KEY = 256 };  // more than enough

// The map that one gets without asking holds a hundred thousand; ten
// million need a greater buffer. That is address space: only what is used
// takes memory.
static SharedMap *map_new(uint32_t keys)
{
    if (keys <= MAP_KEYS)
        return shared_map_new();
    return shared_map_new_sized((size_t)keys * BYTES_A_KEY);
}

static void map_free(SharedMap *map)
{
    shared_map_free(&map);
}

static inline int64_t map_get(SharedMap *map, const char *key)
{
    long long value = -1;
    shared_map_get_int(map, key, &value);
    return value;
}

static inline void map_set(SharedMap *map, const char *key, int64_t value)
{
    if (!shared_map_set_int(map, key, value))
        bench_check(false, "no room for %s", key);
}

#include "map_cells.h"

const Cell ours_map_cells[] = {
    MAP_READERS(, 16000000),
    MAP_CELLS(, 16000000),
#ifndef BENCH_PLAIN  // there it takes a gigabyte, and too long to fill
    { "map-get-10000000", map_sized, 1, 16000000, 10000000 },
#endif
    { "map-get-real-2", ours_map_reals, 2, 16000000, 0 },
    { "map-set-real-2", ours_map_reals, 2, 16000000, 100 },
    { "map-new-key-half", ours_map_new_key, 1, 16000000, 50 },
    { "map-new-key-full", ours_map_new_key, 1, 16000000, 100 },
    { "map-text-half", ours_map_text, 1, 16000000, 50 },
    { "map-text-full", ours_map_text, 1, 16000000, 100 },
    { "map-cache-half", ours_map_cache, 1, 16000000, 50 },
    { "map-cache-full", ours_map_cache, 1, 16000000, 100 },
    BENCH_END
};
