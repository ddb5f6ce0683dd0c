// oneTBB's concurrent_hash_map, with a lock in each entry.

#include <oneapi/tbb/concurrent_hash_map.h>

#include <cstdint>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>

#include "map_load.h"
#include "resident.h"

namespace {

// Finds a key without making a string of it first.
struct KeyCompare {
    using is_transparent = void;

    std::size_t hash(std::string_view key) const
    {
        return std::hash<std::string_view>()(key);
    }

    bool equal(std::string_view one, std::string_view other) const
    {
        return one == other;
    }
};

using Map = tbb::concurrent_hash_map<std::string, std::int64_t, KeyCompare>;

Map *map_new(uint32_t)
{
    return new Map;
}

void map_free(Map *map)
{
    delete map;
}

inline int64_t map_get(Map *map, const char *key)
{
    Map::const_accessor entry;
    return map->find(entry, std::string_view(key)) ? entry->second : -1;
}

inline void map_set(Map *map, const char *key, int64_t value)
{
    Map::accessor entry;
    map->insert(entry, std::string_view(key));  // finds it if it is there
    entry->second = value;
}

#include "map_cells.h"

}  // namespace

extern const Cell tbb_map_cells[] = {
    MAP_READERS(, 16000000),
    MAP_CELLS(, 16000000),
    BENCH_END,
};
