// The standard library's unordered_map, with a lock around it.

#include <cstdint>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "map_load.h"
#include "resident.h"

namespace {

// Finds a key without making a string of it first.
struct KeyHash {
    using is_transparent = void;

    std::size_t operator()(std::string_view key) const
    {
        return std::hash<std::string_view>()(key);
    }
};

template <typename Mutex, typename ReadLock>
class LockedMap {
public:
    std::int64_t get(std::string_view key)
    {
        ReadLock guard(lock_);
        auto entry = entries_.find(key);
        return entry != entries_.end() ? entry->second : -1;
    }

    void set(std::string_view key, std::int64_t value)
    {
        std::lock_guard<Mutex> guard(lock_);
        auto entry = entries_.find(key);
        if (entry != entries_.end())
            entry->second = value;
        else
            entries_.emplace(key, value);
    }

private:
    Mutex lock_;
    std::unordered_map<std::string, std::int64_t, KeyHash, std::equal_to<>>
        entries_;  // guarded by lock_
};

template <typename AnyMap>
void map_free(AnyMap *map)
{
    delete map;
}

template <typename AnyMap>
int64_t map_get(AnyMap *map, const char *key)
{
    return map->get(key);
}

template <typename AnyMap>
void map_set(AnyMap *map, const char *key, int64_t value)
{
    map->set(key, value);
}

namespace with_mutex {
using Map = LockedMap<std::mutex, std::lock_guard<std::mutex>>;

Map *map_new(uint32_t)
{
    return new Map;
}

#include "map_cells.h"
}  // namespace with_mutex

namespace with_shared_mutex {
using Map =
    LockedMap<std::shared_mutex, std::shared_lock<std::shared_mutex>>;

Map *map_new(uint32_t)
{
    return new Map;
}

#include "map_cells.h"
}  // namespace with_shared_mutex

}  // namespace

// A mutex is the faster lock as soon as anybody sets. Under other names is what
// the other lock comes to.
extern const Cell std_map_cells[] = {
    MAP_CELLS(with_mutex::, 8000000),
    MAP_READERS(with_shared_mutex::, 8000000),
    {"map-get-uniform-2-mutex", with_mutex::map_uniform, 2, 8000000, 0},
    {"map-95/5-2-shared", with_shared_mutex::map_uniform, 2, 8000000, 5},
    {"map-50/50-2-shared", with_shared_mutex::map_uniform, 2, 8000000, 50},
    BENCH_END,
};
