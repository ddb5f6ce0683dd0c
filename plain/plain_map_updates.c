// Atomic updates. Two calls are two critical sections: so set(get + 1) loses
// what other threads set in between. No memory is read while another thread
// writes it, so that is no data race; it is a race condition. Each of these
// does in one critical section what would take two.
#include "base/base.h"

#include "plain_map.h"

// Fetch and add: no other thread comes between the look and the change.
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

// Compare and set, as a processor's compare-and-swap. VALUE_NONE stands for a
// missing key, in both places. The caller holds the mutex.
static MapResult swap(SharedMap *map, const void *key, size_t key_size,
                      Value expected, Value desired)
{
    Entry *entry = map_find(map, key, key_size);
    if (!value_equal(entry ? entry->value : value_none(), expected))
        return SHARED_MAP_DIFFERS;
    if (desired.type != VALUE_NONE)
        return map_put(map, key, key_size, desired) ? SHARED_MAP_OK
                                                    : SHARED_MAP_FULL;
    if (entry)
        map_remove(map, entry);
    return SHARED_MAP_OK;
}

MapResult shared_map_compare_and_set_n(SharedMap *map, const void *key,
                                       size_t key_size, Value expected,
                                       Value desired)
{
    if (desired.type == VALUE_ERROR)
        map_must_be_storable(desired, "shared_map_compare_and_set");
    map_lock(map);
    MapResult result = swap(map, key, key_size, expected, desired);
    map_unlock(map);
    return result;
}

static bool run_change(Update *update, MapChange *change, void *context,
                       Value *value)
{
    update->outer = map_updates;
    map_updates = update;
    bool changed = change(value, context);
    map_updates = update->outer;
    if (changed && value->type == VALUE_ERROR)
        map_must_be_storable(*value, "shared_map_update");
    return changed;
}

// Pessimistic update: the change runs under the mutex, and all others wait.
static MapResult update_in_turn(SharedMap *map, const void *key,
                                size_t key_size, Update *update,
                                MapChange *change, void *context)
{
    map_lock(map);
    const Entry *entry = map_find(map, key, key_size);
    Value old = entry ? map_copy(entry->value) : value_none(), desired = old;
    MapResult result = SHARED_MAP_DIFFERS;
    if (run_change(update, change, context, &desired))
        result = swap(map, key, key_size, old, desired);
    map_unlock(map);
    value_free(&old);
    return result;
}

// Optimistic update, a compare-and-swap loop: the change works on a copy, with
// no lock held, because it may take long. When another thread has set the key
// meanwhile, the comparison fails and the change runs again. Some thread always
// gets its update in, but a slow one may starve: after ten tries it gets a turn
// under the mutex. A change that has called another map does not: two threads
// could wait for each other's mutex (deadlock).
MapResult shared_map_update_n(SharedMap *map, const void *key, size_t key_size,
                              MapChange *change, void *context)
{
    enum { TRIES = 10 };
    Update update = { .map = map };
    for (int i = 0; i < TRIES || update.has_called; i++) {
        Value old = value_none();
        shared_map_get_n(map, key, key_size, &old);
        Value desired = old;
        bool changed = run_change(&update, change, context, &desired);
        MapResult result = SHARED_MAP_DIFFERS;
        if (changed)
            result =
                shared_map_compare_and_set_n(map, key, key_size, old, desired);
        value_free(&old);
        if (!changed || result != SHARED_MAP_DIFFERS)
            return result;
    }
    return update_in_turn(map, key, key_size, &update, change, context);
}
