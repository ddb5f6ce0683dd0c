// The atomic updates. Each of them means: set the key to this value if its
// value still is that one. Between numbers that is a compare-and-swap without
// the lock. Everything else is one change_locked, which all calls that change
// one key share. add and update compute the new value from the one they read,
// and start again if another thread was faster: a compare-and-swap loop.
#include "base/base.h"

#include "shared_map_internal.h"

// The linearization point is the compare-and-swap in table_change, or for a new
// key the store of its slot in table_append. No step that can fail comes after
// it, and no reader sees the steps before it.
MapResult change_locked(SharedMap *map, const Key *key, const Value *expected,
                        Value desired)
{
    Block *block = &map->block;
    MapResult result = SHARED_MAP_OK;
    bool done = false;
    block_lock(block);
    while (result == SHARED_MAP_OK && !done) {
        Found found;
        Table *table = block_table(block);
        table_find(table, key, &found);
        Need need = table_need(table, &found, key, desired);
        // With nothing expected, a key that is deleted must at least be there.
        bool missing = found.entry == NULL && desired.type == VALUE_NONE;
        if (expected ? !value_equal(table_value(table, found.word), *expected)
                     : missing)
            result = SHARED_MAP_DIFFERS;
        else if (missing)
            done = true;
        else if (!block_make_room(block, &need))
            result = SHARED_MAP_FULL;
        else if (block_table(block) != table)
            continue;  // the map has moved: look again, in the other table
        else if (found.entry)
            done = table_change(table, &found, desired);
        else {
            table_append(table, key, desired);
            done = true;
        }
    }
    block_unlock(block);
    return result;
}

bool shared_map_delete_n(SharedMap *map, const void *key, size_t key_size)
{
    Key place;
    map_enter_key(map, &place, key, key_size);
    bool was_there =
        change_locked(map, &place, NULL, value_none()) == SHARED_MAP_OK;
    TRACED(map(map, "delete", key, key_size, value_bool(was_there)));
    return was_there;
}

// Comparing and setting. Two values without a chunk are equal exactly when
// their words are, so there a comparison of words and one swap do. Values in
// chunks have to be compared with the lock held, or the chunk could change
// meanwhile.

static MapResult swap(SharedMap *map, const Key *key, Value expected,
                      Value desired)
{
    uint64_t old_word = 0, new_word = 0;
    bool are_words =
        word_of(expected, &old_word) && word_of(desired, &new_word);
    for (;;) {
        Found found;
        map_look(map, key, &found);
        if (word_type(found.word) != expected.type ||
            (are_words && found.word != old_word))
            return SHARED_MAP_DIFFERS;
        if (!are_words || found.freeze)
            return change_locked(map, key, &expected, desired);
        if (found_swap(&found, new_word))
            return SHARED_MAP_OK;
    }
}

MapResult shared_map_compare_and_set_n(SharedMap *map, const void *key,
                                       size_t key_size, Value expected,
                                       Value desired)
{
    Key place;
    if (desired.type == VALUE_ERROR)
        map_must_be_storable(desired, "shared_map_compare_and_set");
    map_enter_key(map, &place, key, key_size);
    MapResult result = swap(map, &place, expected, desired);
    TRACED(map(map, "compare and set", key, key_size,
               result == SHARED_MAP_OK ? desired : value_text("no")));
    return result;
}

// Adding.

// A missing key counts as 0. Signed overflow is undefined in C; the compiler's
// builtin finds it instead.
static MapResult sum_of(Value old, long long amount, long long *sum)
{
    long long number = old.type == VALUE_INT ? old.integer : 0;
    if (old.type != VALUE_INT && old.type != VALUE_NONE)
        return SHARED_MAP_DIFFERS;
    return __builtin_add_overflow(number, amount, sum) ? SHARED_MAP_OVERFLOW
                                                       : SHARED_MAP_OK;
}

// The first half needs no lock: it adds to an integer that is there, if neither
// it nor the sum needs a chunk.
static MapResult add(SharedMap *map, const Key *key, long long amount,
                     long long *sum)
{
    for (;;) {
        uint64_t word;
        Found found;
        map_look(map, key, &found);
        if (!found.freeze && word_has_int(found.word) &&
            sum_of(word_value(found.word), amount, sum) == SHARED_MAP_OK &&
            word_of(value_int(*sum), &word)) {
            if (found_swap(&found, word))
                return SHARED_MAP_OK;
            continue;
        }
        const Value old = map_read(map, key, NULL, 0);
        MapResult result = sum_of(old, amount, sum);
        if (result != SHARED_MAP_OK)
            return result;
        result = change_locked(map, key, &old, value_int(*sum));
        if (result != SHARED_MAP_DIFFERS)
            return result;
    }
}

MapResult shared_map_add(SharedMap *map, const char *key, long long amount,
                         long long *sum)
{
    Key place;
    long long new_sum;
    map_enter_key(map, &place, key, strlen(key));
    MapResult result = add(map, &place, amount, &new_sum);
    TRACED(
        add(map, key, place.size, amount,
            result == SHARED_MAP_OK ? value_int(new_sum) : value_text("no")));
    if (result == SHARED_MAP_OK && sum)
        *sum = new_sum;
    return result;
}

// Updating. If the old value is back when the new one is set, it does not
// matter that it was away: the new one is computed from it alone.
MapResult shared_map_update_n(SharedMap *map, const void *key, size_t key_size,
                              MapChange *change, void *context)
{
    for (;;) {
        Value old = value_none();
        shared_map_get_n(map, key, key_size, &old);
        Value desired = old;
        // Noted for map_enter: a call from inside `change` could wait for
        // itself.
        MapUpdate update = { map, map_updates };
        map_updates = &update;
        bool changed = change(&desired, context);
        map_updates = update.outer;
        if (changed && desired.type == VALUE_ERROR)
            map_must_be_storable(desired, "shared_map_update");
        MapResult result =
            changed
                ? shared_map_compare_and_set_n(map, key, key_size, old, desired)
                : SHARED_MAP_DIFFERS;
        value_free(&old);
        if (!changed || result != SHARED_MAP_DIFFERS)
            return result;
    }
}
