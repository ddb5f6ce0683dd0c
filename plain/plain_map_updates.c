// Atomic updates. Two calls are two critical sections: so set(get + 1) loses
// what other threads set in between. No memory is read while another thread
// writes it, so that is no data race; it is a race condition. Each of these
// does in one critical section what would take two.
#include "base/base.h"

#include "plain_map.h"

MapResult shared_map_add(SharedMap *map, const char *key, long long amount,
                         long long *sum)
{
    map_lock(map);
    MapResult result = SHARED_MAP_OK;
    const Entry *entry = map_find(map, key, strlen(key));
    long long number = 0;
    if (entry && entry->value.type != VALUE_INT)
        result = SHARED_MAP_DIFFERS;
    else if (__builtin_add_overflow(entry ? entry->value.integer : 0, amount,
                                    &number))
        result = SHARED_MAP_OVERFLOW;
    else if (!map_put(map, key, strlen(key), value_int(number)))
        result = SHARED_MAP_FULL;
    map_unlock(map);
    if (result == SHARED_MAP_OK && sum)
        *sum = number;
    return result;
}

MapResult shared_map_compare_and_set_n(SharedMap *map, const void *key,
                                       size_t key_size, Value expected,
                                       Value desired)
{
    if (desired.type == VALUE_ERROR)
        map_must_be_storable(desired, "shared_map_compare_and_set");
    map_lock(map);
    MapResult result = SHARED_MAP_OK;
    Entry *entry = map_find(map, key, key_size);
    if (!value_equal(entry ? entry->value : value_none(), expected))
        result = SHARED_MAP_DIFFERS;
    else if (desired.type != VALUE_NONE)
        result = map_put(map, key, key_size, desired) ? SHARED_MAP_OK
                                                      : SHARED_MAP_FULL;
    else if (entry)
        map_remove(map, entry);
    map_unlock(map);
    return result;
}

// Optimistic: changes a copy without the lock, and goes round again when the
// value is another one by then.
MapResult shared_map_update_n(SharedMap *map, const void *key, size_t key_size,
                              MapChange *change, void *context)
{
    for (;;) {
        Value old = value_none();
        shared_map_get_n(map, key, key_size, &old);
        Value desired = old;
        Update update = { map, map_updates };
        map_updates = &update;
        bool changed = change(&desired, context);
        map_updates = update.outer;
        if (changed && desired.type == VALUE_ERROR)
            map_must_be_storable(desired, "shared_map_update");
        MapResult result = SHARED_MAP_DIFFERS;
        if (changed)
            result =
                shared_map_compare_and_set_n(map, key, key_size, old, desired);
        value_free(&old);
        if (!changed || result != SHARED_MAP_DIFFERS)
            return result;
    }
}
