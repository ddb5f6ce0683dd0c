// The atomic updates of shared_map.h.
#include "base/base.h"

#include <limits.h>

#include "shared_map_internal.h"

// Adding.

// Returns SHARED_MAP_OK, and the sum, if there is one.
static MapResult sum_of(Value old, long long amount, long long *sum)
{
    if (old.type != VALUE_INT)
        return SHARED_MAP_DIFFERS;
    if (amount > 0 ? old.integer > LLONG_MAX - amount
                   : old.integer < LLONG_MIN - amount)
        return SHARED_MAP_OVERFLOW;
    *sum = old.integer + amount;
    return SHARED_MAP_OK;
}

// Adds to an integer that is there, if neither it nor the sum needs a chunk.
static bool add_to_word(SharedMap *map, const Key *key, long long amount,
                        long long *sum)
{
    for (;;) {
        uint64_t word;
        Found found;
        map_look(map, key, &found);
        if (found.freeze || !word_has_int(found.word) ||
            sum_of(word_value(found.word), amount, sum) != SHARED_MAP_OK ||
            !word_of(value_int(*sum), &word))
            return false;
        if (found_swap(&found, word))
            return true;
    }
}

// Goes round again when the entry has moved, or when it has got another number
// meanwhile.
static MapResult add(Block *block, const Key *key, long long amount,
                     long long *sum) REQUIRES(block->lock)
{
    for (;;) {
        Table *table = block_table(block);
        Found found;
        table_find(table, key, &found);
        *sum = amount;
        if (found.entry == NULL)
            return block_set(block, key, value_int(amount), NULL)
                       ? SHARED_MAP_OK
                       : SHARED_MAP_FULL;
        MapResult result = sum_of(table_value(table, found.word), amount, sum);
        if (result != SHARED_MAP_OK)
            return result;
        Need need = table_need(table, &found, key, value_int(*sum));
        if (!block_make_room(block, &need))
            return SHARED_MAP_FULL;
        if (block_table(block) == table &&
            table_change(table, &found, value_int(*sum)))
            return SHARED_MAP_OK;
    }
}

MapResult shared_map_add(SharedMap *map, const char *key, long long amount,
                         long long *sum)
{
    Key place;
    MapResult result = SHARED_MAP_OK;
    long long result_sum;
    map_enter_key(map, &place, key, strlen(key));
    TRACED(map_call());
    if (!add_to_word(map, &place, amount, &result_sum)) {
        block_lock(&map->block);
        result = add(&map->block, &place, amount, &result_sum);
        block_unlock(&map->block);
    }
    TRACED(add(map, key, place.size, amount,
               result == SHARED_MAP_OK ? value_int(result_sum)
                                       : value_text("no")));
    if (result == SHARED_MAP_OK && sum)
        *sum = result_sum;
    return result;
}

// Comparing and setting.

// Goes round again when the entry has moved, or when it has got another number
// meanwhile: then it differs, as a rule.
static MapResult swap(Block *block, const Key *key, Value expected,
                      Value desired) REQUIRES(block->lock)
{
    for (;;) {
        Table *table = block_table(block);
        Found found;
        table_find(table, key, &found);
        Value value = table_value(table, found.word);
        if (!value_equal(value, expected))
            return SHARED_MAP_DIFFERS;
        if (found.entry == NULL && desired.type == VALUE_NONE)
            return SHARED_MAP_OK;
        if (found.entry == NULL)
            return block_set(block, key, desired, NULL) ? SHARED_MAP_OK
                                                        : SHARED_MAP_FULL;
        Need need = table_need(table, &found, key, desired);
        if (!block_make_room(block, &need))
            return SHARED_MAP_FULL;
        if (block_table(block) == table && table_change(table, &found, desired))
            return SHARED_MAP_OK;
    }
}

// Where a look is enough, or a swap, no lock is taken.
static MapResult compare_and_set(SharedMap *map, const Key *key, Value expected,
                                 Value desired)
{
    uint64_t old_word, new_word;
    Found found;
    map_look(map, key, &found);
    if (word_type(found.word) != expected.type)
        return SHARED_MAP_DIFFERS;
    if (word_of(expected, &old_word) && word_of(desired, &new_word)) {
        if (found.word != old_word)
            return SHARED_MAP_DIFFERS;
        if (!found.freeze && found_swap(&found, new_word))
            return SHARED_MAP_OK;
    }
    block_lock(&map->block);
    MapResult result = swap(&map->block, key, expected, desired);
    block_unlock(&map->block);
    return result;
}

MapResult shared_map_compare_and_set_n(SharedMap *map, const void *key,
                                       size_t key_size, Value expected,
                                       Value desired)
{
    Key place;
    if (desired.type == VALUE_ERROR)
        map_must_be_storable(desired, "shared_map_compare_and_set");
    map_enter_key(map, &place, key, key_size);
    TRACED(map_call());
    MapResult result = compare_and_set(map, &place, expected, desired);
    TRACED(map(map, "compare and set", key, key_size,
               result == SHARED_MAP_OK ? desired : value_text("no")));
    return result;
}

// Update.

static bool call_change(SharedMap *map, MapChange *change, Value *value,
                        void *context)
{
    MapUpdate update = { map, map_updates };
    map_updates = &update;
    bool changed = change(value, context);
    map_updates = update.outer;
    return changed;
}

// What the change was made from is still there when it is set, or was there
// again, which is the same to it.
MapResult shared_map_update_n(SharedMap *map, const void *key, size_t key_size,
                              MapChange *change, void *context)
{
    for (;;) {
        Value old = value_none();
        shared_map_get_n(map, key, key_size, &old);
        Value desired = old;
        bool changed = call_change(map, change, &desired, context);
        MapResult result = SHARED_MAP_DIFFERS;
        if (changed)
            result =
                shared_map_compare_and_set_n(map, key, key_size, old, desired);
        value_free(&old);
        if (!changed || result != SHARED_MAP_DIFFERS)
            return result;
    }
}
