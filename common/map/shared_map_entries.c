// The entries of a map at one moment.
#include "base/base.h"

#include "shared_map_internal.h"

// Copies the bytes to *room and moves it behind them and a NUL.
static const char *copy_bytes(char **room, const void *bytes, size_t size)
{
    char *copy = *room;
    if (size > 0)
        memcpy(copy, bytes, size);
    copy[size] = '\0';
    *room += size + 1;
    return copy;
}

static size_t entries_size(const Table *table, const Word *kept)
{
    size_t size = sizeof(MapEntries);
    uint32_t position = 0;
    for (Item item; table_next(table, kept, &position, &item);)
        size += sizeof(MapEntry) + item.key.size + 1 + item.value.size + 1;
    return size;
}

static void copy_entries(const Table *table, const Word *kept,
                         MapEntries *entries)
{
    entries->count = table->alive;
    entries->at = (MapEntry *)(entries + 1);
    char *room = (char *)(entries->at + entries->count);
    MapEntry *entry = entries->at;
    uint32_t position = 0;
    for (Item item; table_next(table, kept, &position, &item); entry++) {
        entry->key = copy_bytes(&room, item.key.bytes, item.key.size);
        entry->key_size = item.key.size;
        entry->value = item.value;
        if (value_has_bytes(item.value))
            entry->value.bytes =
                copy_bytes(&room, item.value.bytes, item.value.size);
    }
}

// Returns how much room they take; if there is that much, they are there.
static size_t try_to_copy(SharedMap *map, MapEntries *entries, size_t room)
{
    map_enter_lock(map);
    const Word *kept = block_freeze(&map->block);
    const Table *table = block_table(&map->block);
    size_t size = entries_size(table, kept);
    if (size <= room)
        copy_entries(table, kept, entries);
    block_thaw(&map->block);
    block_unlock(&map->block);
    return size;
}

// Memory is allocated while no lock is held, so the map may outgrow it.
MapEntries *shared_map_entries(SharedMap *map)
{
    size_t room = sizeof(MapEntries), size;
    MapEntries *entries = must_malloc(room);
    TRACED(map_call());
    while ((size = try_to_copy(map, entries, room)) > room) {
        room = size;
        entries = must_realloc(entries, room);
    }
    TRACED(
        map(map, "all entries", NULL, 0, value_int((long long)entries->count)));
    return entries;
}

void shared_map_for_each(SharedMap *map,
                         void (*visit)(const MapEntry *entry, void *context),
                         void *context)
{
    MapEntries *entries = shared_map_entries(map);
    for (size_t i = 0; i < entries->count; i++)
        visit(&entries->at[i], context);
    free(entries);
}
