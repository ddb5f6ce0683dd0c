// The library's SharedMap, with reals: what numbers are in JavaScript.

#include <stdlib.h>

#include "map_load.h"
#include "ours_map_reals.h"
#include "resident.h"
#include "shared_map.h"

typedef SharedMap Map;

static SharedMap *map_new(uint32_t keys)
{
    (void)
        keys;  // never more than the map that one gets without asking holds
    return shared_map_new();
}

static inline void map_free(SharedMap *map)
{
    shared_map_free(&map);
}

// The load's numbers are below 2^53: a real holds them exactly.
static inline int64_t map_get(SharedMap *map, const char *key)
{
    double value = -1;
    shared_map_get_real(map, key, &value);
    return (int64_t)value;
}

static inline void map_set(SharedMap *map, const char *key, int64_t value)
{
    if (!shared_map_set_real(map, key, (double)value))
        bench_check(false, "no room for %s", key);
}

#include "map_cells.h"

double ours_map_reals(const Cell *cell)
{
    return map_uniform(cell);
}
