// All entries of a map at one moment. The linearization point is when the last
// word is frozen: then no thread can change the map, and readers find the words
// that are kept. They all belong to one instant, however long the copy takes.
#include "base/base.h"

#include "shared_map_internal.h"

// The memory for the entries: first all of them, then their bytes.
typedef struct Copy {
    char *memory;
    size_t room;  // bytes
    size_t size;  // that all of it takes, as far as it is known
} Copy;

// Copies the bytes, and a NUL, behind those that are there, if they fit.
static const char *copy_bytes(Copy *copy, const void *bytes, size_t size)
{
    size_t at = copy->size;
    copy->size += size + 1;
    if (copy->size > copy->room)
        return NULL;
    char *to = copy->memory + at;
    if (size > 0)
        memcpy(to, bytes, size);
    to[size] = '\0';
    return to;
}

// Returns the room that the entries need, and copies them if there is so much;
// 0: the lock took too long.
static size_t try_to_copy(SharedMap *map, MapEntries *entries, size_t room)
{
    map_enter(map);
    if (!map_lock(map))
        return 0;
    Signals before = signals_block();
    const Word *kept = block_freeze(&map->block);
    const Table *table = block_table(&map->block);
    Copy copy = { (char *)entries, room, sizeof *entries };
    copy.size += table->alive * sizeof(MapEntry);
    entries->count = table->alive;
    entries->at = (MapEntry *)(entries + 1);
    uint32_t position = 0, i = 0;
    for (Item item; table_next(table, kept, &position, &item); i++) {
        const char *key = copy_bytes(&copy, item.key.bytes, item.key.size);
        if (value_has_bytes(item.value))
            item.value.bytes =
                copy_bytes(&copy, item.value.bytes, item.value.size);
        if (copy.size <= room)
            entries->at[i] = (MapEntry){ key, item.key.size, item.value };
    }
    block_thaw(&map->block);
    signals_restore(&before);
    block_unlock(&map->block);
    return copy.size;
}

// Memory is allocated while no lock is held: malloc may take long, and no other
// thread should wait for it. So the map may outgrow the memory, and then the
// copy is made again.
MapEntries *shared_map_entries(SharedMap *map)
{
    size_t room = sizeof(MapEntries), size;
    MapEntries *entries = must_malloc(room);
    TRACED(map_call());
    while ((size = try_to_copy(map, entries, room)) > room) {
        room = size;
        entries = must_realloc(entries, room);
    }
    if (size == 0) {
        free(entries);
        errno = ETIMEDOUT;
        return NULL;
    }
    TRACED(
        map(map, "all entries", NULL, 0, value_int((long long)entries->count)));
    return entries;
}
