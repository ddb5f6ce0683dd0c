// Setting, getting and deleting. Each call locks the map, does all that it has
// to do, and unlocks it (a critical section): so each call is atomic, and takes
// effect at one moment, its linearization point. Keys that end with a NUL, and
// printing, are in common/map/shared_map_calls.c and shared_map_print.c, which
// stand on these calls alone.
#include "base/base.h"

#include "plain_map.h"

// VALUE_NONE stands for a missing key, and an error belongs to a future.
void map_must_be_storable(Value value, const char *call)
{
    if (value.type == VALUE_NONE || value.type == VALUE_ERROR)
        die("%s: a value of this type cannot be stored", call);
}

Value map_copy(Value value)
{
    if (value_has_bytes(value)) {
        char *copy = must_malloc(value.size + 1);
        if (value.size > 0)
            memcpy(copy, value.bytes, value.size);
        copy[value.size] = '\0';
        value.bytes = copy;
    }
    return value;
}

bool shared_map_set_n(SharedMap *map, const void *key, size_t key_size,
                      Value value)
{
    map_must_be_storable(value, "shared_map_set");
    map_lock(map);
    bool stored = map_put(map, key, key_size, value);
    map_unlock(map);
    return stored;
}

// The copy is made under the mutex. A pointer to the map's own text would
// dangle as soon as another thread sets the key.
bool shared_map_get_n(SharedMap *map, const void *key, size_t key_size,
                      Value *value)
{
    map_lock(map);
    const Entry *entry = map_find(map, key, key_size);
    if (entry)
        *value = map_copy(entry->value);
    map_unlock(map);
    return entry != NULL;
}

static ValueType type_at(SharedMap *map, const void *key, size_t key_size)
{
    map_lock(map);
    const Entry *entry = map_find(map, key, key_size);
    ValueType type = entry ? entry->value.type : VALUE_NONE;
    map_unlock(map);
    return type;
}

ValueType shared_map_type(SharedMap *map, const char *key)
{
    return type_at(map, key, strlen(key));
}

bool shared_map_has_n(SharedMap *map, const void *key, size_t key_size)
{
    return type_at(map, key, key_size) != VALUE_NONE;
}

bool shared_map_delete_n(SharedMap *map, const void *key, size_t key_size)
{
    map_lock(map);
    Entry *entry = map_find(map, key, key_size);
    if (entry)
        map_remove(map, entry);
    map_unlock(map);
    return entry != NULL;
}

bool shared_map_clear(SharedMap *map)
{
    map_lock(map);
    map_clear(map);
    map_unlock(map);
    return true;
}

// No call waits for another process, and none keeps the mutex for long.
void shared_map_wait_at_most(SharedMap *map, long long milliseconds)
{
    (void)milliseconds;
    map_lock(map);
    map_unlock(map);
}

// The mutex is needed for one number, too: without it the read would be a data
// race. The result is out of date as soon as the mutex is released.
size_t shared_map_size(SharedMap *map)
{
    map_lock(map);
    size_t count = map->count;
    map_unlock(map);
    return count;
}
