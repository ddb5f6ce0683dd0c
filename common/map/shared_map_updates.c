// The atomic updates. Each of them means: set the key to this value if its
// value still is that one. Between numbers that is a compare-and-swap without
// the lock. Everything else is one change_locked, which all calls that change
// one key share. add and update compute the new value from the one they read,
// and start again if another thread was faster: a compare-and-swap loop.
#include "base/base.h"

#include "os/fork.h"
#include "shared_map_internal.h"

// The value of the word that was found. In a thread that updates the key in
// its turn, the entry is frozen.
static Value value_found(const Block *block, Found found) REQUIRES(block->lock)
{
    if (found.word == WORD_FROZEN)
        block_look_kept(block, &found);
    return table_value(block_table(block), found.word);
}

// The linearization point is the compare-and-swap in table_change, or for a new
// key the store of its slot in table_append. No step that can fail comes after
// it, and no reader sees the steps before it.
static MapResult change_key(Block *block, const Key *key, const Value *expected,
                            Value desired) REQUIRES(block->lock)
{
    for (;;) {
        Found found = { .in_use = word_load(&block->in_use) };
        Table *table = block_table(block);
        table_find(table, key, &found);
        Need need = table_need(table, &found, key, desired);
        // With nothing expected, a key that is deleted must at least be there.
        bool missing = found.entry == NULL && desired.type == VALUE_NONE;
        if (expected ? !value_equal(value_found(block, found), *expected)
                     : missing)
            return SHARED_MAP_DIFFERS;
        if (missing)
            return SHARED_MAP_OK;
        if (!block_make_room(block, &need)) {
            errno = ENOSPC;
            return SHARED_MAP_FULL;
        }
        if (block_table(block) != table)
            continue;  // the map has moved: look again, in the other table
        if (found.entry == NULL)
            table_append(table, key, desired);
        else if (!table_change(table, &found, desired))
            continue;
        return SHARED_MAP_OK;
    }
}

MapResult change_locked(SharedMap *map, const Key *key, const Value *expected,
                        Value desired)
{
    if (!map_lock(map))
        return SHARED_MAP_TIMED_OUT;
    MapResult result = change_key(&map->block, key, expected, desired);
    block_unlock(&map->block);
    return result;
}

bool shared_map_delete_n(SharedMap *map, const void *key, size_t key_size)
{
    Key place;
    map_enter_key(map, &place, key, key_size);
    map_must_be_writable(map);
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
        if (!map_look(map, key, &found))
            return SHARED_MAP_TIMED_OUT;
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
    map_must_be_writable(map);
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
        if (!map_look(map, key, &found))
            return SHARED_MAP_TIMED_OUT;
        if (!found.freeze && word_has_int(found.word) &&
            sum_of(word_value(found.word), amount, sum) == SHARED_MAP_OK &&
            word_of(value_int(*sum), &word)) {
            if (found_swap(&found, word))
                return SHARED_MAP_OK;
            continue;
        }
        Value old;
        if (!map_read(map, key, &old, NULL, 0))
            return SHARED_MAP_TIMED_OUT;
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
    map_must_be_writable(map);
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

// Runs `change`, which is noted for map_enter: a call of the map from inside
// could wait for itself.
static bool run_change(MapUpdate *update, MapChange *change, void *context,
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

// With the lock held while `change` runs, and with the entry frozen: so no
// thread changes the key meanwhile, with the lock or without. Its kept word is
// what other threads read. The store over WORD_FROZEN is the commit point; if
// the process is killed before it, block_recover puts the kept word back. Only
// when the map moves to make room could a number be swapped in: then it starts
// again.
MapResult map_update_in_turn(SharedMap *map, const Key *key, MapUpdate *update,
                             MapChange *change, void *context)
{
    Block *block = &map->block;
    unsigned forks = process_forks();
    bool changed;
    MapResult result;
    if (!map_lock(map))
        return SHARED_MAP_TIMED_OUT;
    do {
        Value old;
        Found found = { .in_use = word_load(&block->in_use) };
        table_find(block_table(block), key, &found);
        block_freeze_entry(block, &found);
        map_copy_value(map, key, &old);
        Value desired = old;
        changed = run_change(update, change, context, &desired);
        if (process_forks() != forks)
            die("shared_map_update: its change called fork; let it compute "
                "only, and fork after the update");
        result = changed ? change_key(block, key, &old, desired)
                         : SHARED_MAP_DIFFERS;
        block_thaw_entry(block, &found);
        value_free(&old);
    } while (changed && result == SHARED_MAP_DIFFERS);
    block_unlock(block);
    return result;
}

// A compare-and-swap loop is lock-free, but a slow `change` may lose each time
// against faster threads (starvation). After some tries it gets a turn, unless
// it has called another map: two such calls that hold the locks of each other's
// maps would be a deadlock.
MapResult shared_map_update_n(SharedMap *map, const void *key, size_t key_size,
                              MapChange *change, void *context)
{
    enum { TRIES = 10 };
    Key place;
    MapUpdate update = { .map = map };
    map_enter_key(map, &place, key, key_size);
    map_must_be_writable(map);
    for (int i = 0; i < TRIES || update.has_called; i++) {
        Value old;
        if (!map_copy_value(map, &place, &old))
            return SHARED_MAP_TIMED_OUT;
        TRACED(map(map, "get", key, key_size, old));
        Value desired = old;
        MapResult result = SHARED_MAP_DIFFERS;
        bool changed = run_change(&update, change, context, &desired);
        if (changed)
            result =
                shared_map_compare_and_set_n(map, key, key_size, old, desired);
        value_free(&old);
        if (!changed || result != SHARED_MAP_DIFFERS)
            return result;
    }
    return map_update_in_turn(map, &place, &update, change, context);
}
