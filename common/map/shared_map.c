#include "base/base.h"

#include "shared_map.h"

#include "os/os.h"
#include "shared_map_internal.h"

const char map_magic[8] = "SharMap";

// Each C library has locks of its own, of its own size.
static unsigned lock_kind(void)
{
    unsigned words = sizeof(SharedLock) / sizeof(int) % 64;
#ifdef __GLIBC__
    words += 64;
#endif
    return words + 128 * shared_lock_is_robust();
}

// All that lies in the buffer follows from these.
uint32_t map_layout(void)
{
    enum { KIND = 3 };  // counted up when the same sizes mean something else
    return (uint32_t)(KIND << 24 | lock_kind() << 16 | sizeof(SharedMap) << 8 |
                      sizeof(long long) << 4 | sizeof(void *));
}

// Making and sharing.

bool map_make(void *buffer, size_t size, MapOwner owner)
{
    SharedMap *map = buffer;
    if (size < sizeof *map ||
        !block_init(&map->block, size - offsetof(SharedMap, block)))
        return false;
    map->size = size;
    map->layout = map_layout();
    map->owner = owner;
    atomic_signal_fence(memory_order_seq_cst);  // the magic comes last
    memcpy(map->magic, map_magic, sizeof map_magic);
    return true;
}

static SharedMap *make(void *buffer, size_t size, MapOwner owner)
{
    if (!map_make(buffer, size, owner))
        die("a shared map does not fit in %zu bytes", size);
    return buffer;
}

SharedMap *shared_map_new_in(void *buffer, size_t size)
{
    return make(buffer, size, OWNER_CALLER);
}

SharedMap *shared_map_new_sized(size_t buffer_bytes)
{
    void *buffer = memory_reserve(buffer_bytes > 0 ? buffer_bytes : 1);
    if (buffer == NULL)
        die("no address space for a shared map of %zu bytes", buffer_bytes);
    return make(buffer, buffer_bytes, OWNER_MAP);
}

SharedMap *shared_map_attach(void *buffer)
{
    SharedMap *map = buffer;
    if (map == NULL || memcmp(map->magic, map_magic, sizeof map_magic) != 0)
        die("shared_map_attach: there is no shared map in this buffer");
    if (map->layout != map_layout())
        die("shared_map_attach: this map was made by another kind of program");
    return map;
}

_Noreturn void map_is_null(void)
{
    const char *call = called_from ? strchr(called_from, '\0') + 1 : "map";
    die("%.*s: the map is NULL: it was freed or closed, or never made",
        (int)strcspn(call, "("), call);
}

void *shared_map_buffer(SharedMap *map)
{
    if (map == NULL)
        map_is_null();
    TRACED(share_map(map));
    return map;
}

void shared_map_free(SharedMap **map)
{
    SharedMap *freed = map ? *map : NULL;
    map_enter(freed);
    if (freed->owner == OWNER_FILE)
        die("shared_map_free: this map came from shared_map_open; end it with "
            "shared_map_close");
    TRACED(free_map(freed));
    block_destroy(&freed->block);
    memset(freed->magic, 0, sizeof freed->magic);
    if (freed->owner == OWNER_MAP)
        memory_release(freed, freed->size);
    *map = NULL;
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
    TRACED(map_call());
    map_enter_lock(map);
    size_t count = block_table(&map->block)->alive;
    TRACED(map_moment());
    block_unlock(&map->block);
    TRACED(map(map, "size", NULL, 0, value_int((long long)count)));
    return count;
}

void shared_map_clear(SharedMap *map)
{
    TRACED(map_call());
    map_enter_lock(map);
    block_clear(&map->block);
    block_unlock(&map->block);
    TRACED(map(map, "clear", NULL, 0, value_none()));
}
