// The inside of a map that no other thread or process knows: without its lock.

#ifndef MAP_ALONE_H
#define MAP_ALONE_H

#include <string.h>

#include "base/lock_annotations.h"
#include "map/shared_map_internal.h"

// No test sets a limit to this wait.
static inline void lock_map_block(Block *block) ACQUIRES(block->lock)
{
    while (!block_lock(block))
        continue;
}

static inline Table *map_table_alone(const SharedMap *map) LOCKS_UNCHECKED
{
    return block_table(&map->block);
}

static inline void map_freeze_alone(SharedMap *map) LOCKS_UNCHECKED
{
    block_freeze(&map->block);
}

static inline Found look(SharedMap *map, const char *key)
{
    Key place;
    Found found;
    map_enter_key(map, &place, key, strlen(key));
    map_look(map, &place, &found);
    return found;
}

#endif
