#define IN_COMMON
#include "shared_map.h"

#include <string.h>

#include "os.h"
#include "shared_map_parts.h"

static const char magic[8] = "SharMap";

// All that lies in the buffer follows from these.
static uint32_t layout(void)
{
    enum { KIND = 2 };  // counted up when the same sizes mean something else
    return (uint32_t)(KIND << 24 | sizeof(SharedMap) << 8 |
                      sizeof(long long) << 4 | sizeof(void *));
}

// Making and sharing.

static SharedMap *make(void *buffer, size_t size, bool owned)
{
    SharedMap *map = buffer;
    if (size < sizeof *map ||
        !block_init(&map->block, size - offsetof(SharedMap, block)))
        die("a shared map does not fit in %zu bytes", size);
    map->size = size;
    map->layout = layout();
    map->owned = owned;
    memcpy(map->magic, magic, sizeof magic);
    return map;
}

SharedMap *shared_map_new_in(void *buffer, size_t size)
{
    return make(buffer, size, false);
}

SharedMap *shared_map_new_sized(size_t buffer_bytes)
{
    void *buffer = memory_reserve(buffer_bytes > 0 ? buffer_bytes : 1);
    if (buffer == NULL)
        die("no address space for a shared map of %zu bytes", buffer_bytes);
    return make(buffer, buffer_bytes, true);
}

SharedMap *shared_map_attach(void *buffer)
{
    SharedMap *map = buffer;
    if (map == NULL || memcmp(map->magic, magic, sizeof magic) != 0)
        die("shared_map_attach: there is no shared map in this buffer");
    if (map->layout != layout())
        die("shared_map_attach: this map was made by another kind of program");
    return map;
}

void shared_map_free(SharedMap *map)
{
    map_enter(map);
    block_destroy(&map->block);
    memset(map->magic, 0, sizeof map->magic);
    if (map->owned)
        memory_release(map, map->size);
}

// Calls from inside of an update.

_Thread_local MapUpdate *map_updates;

// Two mappings of one buffer are one map: its secret is no other map's.
void map_must_not_be_in(const MapUpdate *updates, const SharedMap *map)
{
    const Secret *secret = &map->block.secret;
    for (const MapUpdate *update = updates; update; update = update->outer)
        if (memcmp(&update->map->block.secret, secret, sizeof *secret) == 0)
            die("shared_map_update: its change called the same map");
}

// All of the map.

size_t shared_map_size(SharedMap *map)
{
    map_enter_lock(map);
    size_t count = block_table(&map->block)->alive;
    block_unlock(&map->block);
    return count;
}

void shared_map_clear(SharedMap *map)
{
    map_enter_lock(map);
    block_clear(&map->block);
    block_unlock(&map->block);
}
