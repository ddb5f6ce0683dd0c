// A snapshot of a map: the entries at one moment, in one allocation. Other
// threads wait while the entries are copied.
#include "base/base.h"

#include "plain_map.h"

// Copies the bytes to *room, and moves it behind them and a NUL.
static const char *copy_bytes(char **room, const void *bytes, size_t size)
{
    char *copy = *room;
    if (size > 0)
        memcpy(copy, bytes, size);
    copy[size] = '\0';
    *room += size + 1;
    return copy;
}

// The memory is allocated under the mutex, so the map cannot outgrow it
// meanwhile.
MapEntries *shared_map_entries(SharedMap *map)
{
    map_lock(map);
    size_t each = sizeof(MapEntry) + 2;  // and a NUL behind key and value
    MapEntries *entries =
        must_malloc(sizeof *entries + map->count * each + map->used);
    entries->count = map->count;
    entries->at = (MapEntry *)(entries + 1);
    char *room = (char *)(entries->at + map->count);
    MapEntry *copy = entries->at;
    for (ListNode *node = map->entries.first; node; node = node->next) {
        const Entry *entry = LIST_OBJECT(node, Entry, node);
        copy->key = copy_bytes(&room, entry->key, entry->key_size);
        copy->key_size = entry->key_size;
        copy->value = entry->value;
        if (value_has_bytes(entry->value))
            copy->value.bytes =
                copy_bytes(&room, entry->value.bytes, entry->value.size);
        copy++;
    }
    map_unlock(map);
    return entries;
}
