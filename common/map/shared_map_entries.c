// All entries of a map at one moment. The linearization point is when the last
// word is frozen: then no thread can change the map, and readers find the words
// that are kept. They all belong to one instant, however long the copy takes.
#include "base/base.h"

#include "map_table_internal.h"
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

// A map that is read-only. Each entry is looked up by a call that needs no
// lock, so the entries are of several moments.

static void copy_entry(SharedMap *map, Key place, Copy *copy,
                       MapEntries *entries)
{
    Key key;
    Value value;
    size_t before = copy->size;
    const char *bytes = copy_bytes(copy, place.bytes, place.size);
    char *to = copy->size < copy->room ? copy->memory + copy->size : NULL;
    size_t room = to ? copy->room - copy->size - 1 : 0;
    key_init(&key, &map->block.secret, place.bytes, place.size);
    map_read(map, &key, &value, to, room);
    if (value.type == VALUE_NONE) {  // deleted by now
        copy->size = before;
        return;
    }
    copy->size += value_has_bytes(value) ? value.size + 1 : 0;
    if (copy->size <= copy->room) {
        if (value_has_bytes(value))
            to[value.size] = '\0';
        entries->at[entries->count] = (MapEntry){ bytes, place.size, value };
    }
    entries->count++;
}

// When the map has moved meanwhile, another table has its entries: then it
// starts again. All entries of a sound map fit in its buffer.
static size_t try_to_copy_unlocked(SharedMap *map, MapEntries *entries,
                                   size_t room)
{
    const Block *block = &map->block;
    for (unsigned turns = 0; turns < 5 * SPIN_TURNS; spin_yield(&turns)) {
        uint64_t in_use = word_load(&block->in_use);
        const Table *table = block_table_at(block, in_use);
        uint32_t count =
            atomic_load_explicit(&table->count, memory_order_acquire);
        count = count < table->most_entries ? count : table->most_entries;
        Copy copy = { (char *)entries, room, sizeof *entries };
        copy.size += count * sizeof(MapEntry);
        size_t most = copy.size + map->size;
        *entries = (MapEntries){ 0, (MapEntry *)(entries + 1) };
        for (uint32_t n = 0; n < count && copy.size <= most; n++) {
            const Entry *entry = entry_at(table, n);
            if (entry_word(table, entry) != WORD_DELETED)
                copy_entry(map, entry_key(table, entry), &copy, entries);
        }
        if (word_load(&block->in_use) == in_use && copy.size <= most)
            return copy.size;
    }
    return 0;
}

// Memory is allocated while no lock is held: malloc may take long, and no other
// thread should wait for it. So the map may outgrow the memory, and then the
// copy is made again.
MapEntries *shared_map_entries(SharedMap *map)
{
    size_t room = sizeof(MapEntries), size;
    MapEntries *entries = must_malloc(room);
    TRACED(map_call());
    map_enter(map);
    bool locks = !map_is_read_only(map);
    while ((size = locks ? try_to_copy(map, entries, room)
                         : try_to_copy_unlocked(map, entries, room)) > room) {
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
