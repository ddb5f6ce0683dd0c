#define IN_COMMON
#include "shared_map.h"

#include <stdlib.h>
#include <string.h>

#include "map_block.h"
#include "os.h"

// The start of the buffer. What is not said to be guarded is set before the map
// is shared and never changes.
struct SharedMap {
    char magic[8];
    uint64_t size;    // bytes, of the whole buffer
    uint32_t layout;  // differs between builds that cannot share a map
    uint32_t owned;   // shared_map_free unmaps the buffer
    SharedLock lock;
    Block block;  // guarded by lock
};

static const char magic[8] = "SharMap";

static uint32_t layout(void)
{
    return (uint32_t)(sizeof(SharedMap) << 8 | sizeof(long long) << 4 |
                      sizeof(void *));
}

// Making and sharing.

static SharedMap *make(void *buffer, size_t size, bool owned)
{
    SharedMap *map = buffer;
    if (size < sizeof *map ||
        !block_init(&map->block, size - offsetof(SharedMap, block)))
        die("a shared map does not fit in %zu bytes", size);
    random_fill(map->block.hash_key, sizeof map->block.hash_key);
    shared_lock_init(&map->lock);
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

// Every call is one enter and one leave, with nothing in between but copying.

// The updates that this thread is in the middle of.
typedef struct Update {
    const SharedMap *map;
    struct Update *outer;
} Update;

static _Thread_local Update *updates;

// Two mappings of one buffer are one map: its hash key is no other map's.
static void must_not_be_in_update(const SharedMap *map)
{
    const uint64_t *key = map->block.hash_key;
    for (Update *update = updates; update; update = update->outer)
        if (memcmp(update->map->block.hash_key, key, 2 * sizeof *key) == 0)
            die("shared_map_update: its change called the same map");
}

static void enter(SharedMap *map)
{
    must_not_be_in_update(map);
    if (!shared_lock_acquire(&map->lock))
        block_recover(&map->block);
}

static void leave(SharedMap *map)
{
    shared_lock_release(&map->lock);
}

void shared_map_free(SharedMap *map)
{
    must_not_be_in_update(map);
    shared_lock_destroy(&map->lock);
    memset(map->magic, 0, sizeof map->magic);
    if (map->owned)
        memory_release(map, map->size);
}

// Getting.

// Copies the value, of which text and bytes go to the buffer if they fit there.
// value->size says how large they are.
static void peek(SharedMap *map, Key key, Value *value, void *buffer,
                 size_t room)
{
    enter(map);
    *value = block_get(&map->block, key);
    if (value_has_bytes(*value)) {
        if (buffer && value->size > 0 && value->size <= room)
            memcpy(buffer, value->bytes, value->size);
        value->bytes = buffer;
    }
    leave(map);
}

// Memory is allocated while no lock is held, so the value may outgrow it.
static Value get(SharedMap *map, Key key)
{
    Value value;
    char *buffer = NULL;
    size_t room = 0;
    peek(map, key, &value, NULL, 0);
    while (value_has_bytes(value) && value.size + 1 > room) {
        room = value.size + 1;
        buffer = must_realloc(buffer, room);
        peek(map, key, &value, buffer, room - 1);
    }
    if (value_has_bytes(value))
        buffer[value.size] = '\0';
    else
        free(buffer);
    return value;
}

bool shared_map_get_n(SharedMap *map, const void *key, size_t key_size,
                      Value *value)
{
    Value got = get(map, (Key){ key, key_size });
    if (got.type != VALUE_NONE)
        *value = got;
    return got.type != VALUE_NONE;
}

static ValueType type_at(SharedMap *map, Key key)
{
    Value value;
    peek(map, key, &value, NULL, 0);
    return value.type;
}

ValueType shared_map_type(SharedMap *map, const char *key)
{
    return type_at(map, (Key){ key, strlen(key) });
}

bool shared_map_has_n(SharedMap *map, const void *key, size_t key_size)
{
    return type_at(map, (Key){ key, key_size }) != VALUE_NONE;
}

size_t shared_map_size(SharedMap *map)
{
    enter(map);
    size_t count = block_count(&map->block);
    leave(map);
    return count;
}

// Setting.

static void must_be_storable(Value value, const char *call)
{
    if (value.type == VALUE_NONE || value.type == VALUE_ERROR)
        die("%s: a value of this type cannot be stored", call);
}

bool shared_map_set_n(SharedMap *map, const void *key, size_t key_size,
                      Value value)
{
    must_be_storable(value, "shared_map_set");
    enter(map);
    bool stored = block_set(&map->block, (Key){ key, key_size }, value);
    leave(map);
    return stored;
}

bool shared_map_delete_n(SharedMap *map, const void *key, size_t key_size)
{
    enter(map);
    bool was_there = block_delete(&map->block, (Key){ key, key_size });
    leave(map);
    return was_there;
}

void shared_map_clear(SharedMap *map)
{
    enter(map);
    block_clear(&map->block);
    leave(map);
}

// Atomic updates.

static MapResult add(Block *block, Key key, long long amount, long long *sum)
{
    Value old = block_get(block, key);
    if (old.type == VALUE_NONE)
        old = value_int(0);
    if (old.type != VALUE_INT)
        return MAP_DIFFERS;
    if (amount > 0 ? old.integer > LLONG_MAX - amount
                   : old.integer < LLONG_MIN - amount)
        return MAP_OVERFLOW;
    *sum = old.integer + amount;
    return block_set(block, key, value_int(*sum)) ? MAP_OK : MAP_FULL;
}

MapResult shared_map_add(SharedMap *map, const char *key, long long amount,
                         long long *sum)
{
    long long result_sum;
    Key place = { key, strlen(key) };
    enter(map);
    MapResult result = add(&map->block, place, amount, &result_sum);
    leave(map);
    if (result == MAP_OK && sum)
        *sum = result_sum;
    return result;
}

static MapResult set_or_delete(Block *block, Key key, Value desired)
{
    if (desired.type == VALUE_NONE)
        block_delete(block, key);
    else if (!block_set(block, key, desired))
        return MAP_FULL;
    return MAP_OK;
}

MapResult shared_map_compare_and_set_n(SharedMap *map, const void *key,
                                       size_t key_size, Value expected,
                                       Value desired)
{
    if (desired.type == VALUE_ERROR)
        must_be_storable(desired, "shared_map_compare_and_set");
    Key place = { key, key_size };
    enter(map);
    MapResult result = value_equal(block_get(&map->block, place), expected)
                           ? set_or_delete(&map->block, place, desired)
                           : MAP_DIFFERS;
    leave(map);
    return result;
}

static bool call_change(SharedMap *map, MapChange *change, Value *value,
                        void *context)
{
    Update update = { map, updates };
    updates = &update;
    bool changed = change(value, context);
    updates = update.outer;
    return changed;
}

// What the change was made from is still there when it is set, or was there
// again, which is the same to it.
MapResult shared_map_update_n(SharedMap *map, const void *key, size_t key_size,
                              MapChange *change, void *context)
{
    for (;;) {
        Value old = get(map, (Key){ key, key_size });
        Value desired = old;
        bool changed = call_change(map, change, &desired, context);
        MapResult result = MAP_DIFFERS;
        if (changed)
            result =
                shared_map_compare_and_set_n(map, key, key_size, old, desired);
        value_free(&old);
        if (!changed || result != MAP_DIFFERS)
            return result;
    }
}

// Going through all of it.

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

static size_t entries_size(Block *block)
{
    size_t size = sizeof(MapEntries) + block_count(block) * sizeof(MapEntry);
    uint32_t position = 0;
    for (Item item; block_next(block, &position, &item);)
        size += item.key.size + 1 + item.value.size + 1;
    return size;
}

static void copy_entries(Block *block, MapEntries *entries)
{
    entries->count = block_count(block);
    char *room = (char *)(entries->at + entries->count);
    MapEntry *entry = entries->at;
    uint32_t position = 0;
    for (Item item; block_next(block, &position, &item); entry++) {
        entry->key = copy_bytes(&room, item.key.bytes, item.key.size);
        entry->key_size = item.key.size;
        entry->value = item.value;
        if (value_has_bytes(item.value))
            entry->value.bytes =
                copy_bytes(&room, item.value.bytes, item.value.size);
    }
}

// Memory is allocated while no lock is held, so the map may outgrow it.
MapEntries *shared_map_entries(SharedMap *map)
{
    MapEntries *entries = NULL;
    size_t room = 0;
    for (bool copied = false; !copied;) {
        enter(map);
        size_t size = entries_size(&map->block);
        copied = size <= room;
        if (copied)
            copy_entries(&map->block, entries);
        leave(map);
        if (!copied) {
            room = size;
            entries = must_realloc(entries, room);
        }
    }
    return entries;
}
