// What the files of shared_map.h share.

#ifndef SHARED_MAP_INTERNAL_H
#define SHARED_MAP_INTERNAL_H

#include "base/names.h"

#include "map_block.h"
#include "shared_map_file.h"

typedef enum MapOwner {
    OWNER_CALLER,
    OWNER_MAP,  // shared_map_free unmaps it
    OWNER_FILE  // shared_map_close does (shared_map_file.c)
} MapOwner;

// The start of the buffer. What is in front of the block is set before the map
// is shared, and never changes.
struct SharedMap {
    union {
        struct {
            char magic[8];
            uint64_t size;    // bytes, of the whole buffer
            uint32_t layout;  // differs between builds that cannot share a map
            uint32_t owner;   // of the buffer: a MapOwner
        };
        char line[CACHE_LINE];
    };
    Block block;
};

extern const char map_magic[8];
uint32_t map_layout(void);

// Makes a map in the buffer; the magic comes last. Returns false if it does not
// fit.
bool map_make(void *buffer, size_t size, MapOwner owner);

// Whether there is a map in so many bytes, of which nothing is known; and says
// that it is a whole one. Who is alone with it makes it a new lock, and puts in
// order what others left (shared_map_check.c).
MapProblem map_problem(SharedMap *map, size_t size, bool alone);

// The updates that this thread is in the middle of.
typedef struct MapUpdate {
    const SharedMap *map;
    struct MapUpdate *outer;
} MapUpdate;

extern _Thread_local MapUpdate *map_updates;

// Every call begins with one of these: they see to it that this thread is in no
// update of the map. The second makes the key ready, the third takes the lock.

void map_must_not_be_in(const MapUpdate *updates, const SharedMap *map);

// Ends the process with the name of the program's call.
_Noreturn void map_is_null(void);

static inline void map_enter(const SharedMap *map)
{
    if (map == NULL)
        map_is_null();
    if (map_updates)
        map_must_not_be_in(map_updates, map);
}

static inline void map_enter_key(const SharedMap *map, Key *key,
                                 const void *bytes, size_t size)
{
    map_enter(map);
    key_init(key, &map->block.secret, bytes, size);
}

static inline void map_enter_lock(SharedMap *map) ACQUIRES(map->block.lock)
{
    map_enter(map);
    block_lock(&map->block);
}

// What block_look and block_read do, but never in vain.

void map_look_again(SharedMap *map, const Key *key, Found *found);
Value map_read(SharedMap *map, const Key *key, void *buffer, size_t room);

static inline void map_look(SharedMap *map, const Key *key, Found *found)
{
    if (!block_look(&map->block, key, found))
        map_look_again(map, key, found);
}

void map_must_be_storable(Value value, const char *call);

#endif
