// Getting and setting one value. The fast paths take no lock: a get reads
// optimistically and tries again if the map has moved meanwhile; a set of a
// number swaps the word of an entry that is there. The linearization point of a
// get is its load of the entry's word, and of such a set its compare-and-swap.
// A writer can make the others try again, but each such try means that some
// call has made progress (lock-free). After ten tries a get takes the lock.
#include "base/base.h"

#include "shared_map_internal.h"

// Getting.

enum { TRIES = 10 };  // before the lock is taken

// With a map that is read-only there is no lock to take: so there are more
// tries, and then the system's error of a wait that took too long.
static bool may_try(const SharedMap *map, unsigned *tries)
{
    enum { READ_ONLY_TRIES = 5 * SPIN_TURNS };
    bool reads = *tries >= TRIES && map_is_read_only(map);
    if (reads)
        spin_yield(tries);
    else
        ++*tries;
    errno = reads ? ETIMEDOUT : errno;
    return *tries <= (reads ? READ_ONLY_TRIES : TRIES);
}

bool map_look_again(SharedMap *map, const Key *key, Found *found)
{
    for (unsigned tries = 0; may_try(map, &tries);)
        if (block_look(&map->block, key, found))
            return true;
    *found = (Found){ .word = WORD_DELETED };
    if (map_is_read_only(map) || !map_lock(map))
        return false;
    // The holder of the lock alone moves, freezes and thaws: this look
    // succeeds.
    block_look(&map->block, key, found);
    block_unlock(&map->block);
    return true;
}

// With the lock held nothing moves, and no text is written. A number may be
// set meanwhile, but a word without a chunk needs no second look.
bool map_read(SharedMap *map, const Key *key, Value *value, void *buffer,
              size_t room)
{
    for (unsigned tries = 0; may_try(map, &tries);)
        if (block_read(&map->block, key, value, buffer, room))
            return true;
    *value = value_none();  // what a damaged map gives
    if (map_is_read_only(map) || !map_lock(map))
        return false;
    block_read(&map->block, key, value, buffer, room);
    block_unlock(&map->block);
    return true;
}

// Memory is allocated while no lock is held, so the value may outgrow it.
bool map_copy_value(SharedMap *map, const Key *key, Value *value)
{
    char *buffer = NULL;
    size_t room = 0;
    bool read = map_read(map, key, value, NULL, 0);
    while (value_has_bytes(*value) && value->size + 1 > room) {
        room = value->size + 1;
        buffer = must_realloc(buffer, room);
        read = map_read(map, key, value, buffer, room - 1);
    }
    if (value_has_bytes(*value))
        buffer[value->size] = '\0';
    else
        free(buffer);
    return read;
}

bool shared_map_get_n(SharedMap *map, const void *key, size_t key_size,
                      Value *value)
{
    Key place;
    Value got;
    map_enter_key(map, &place, key, key_size);
    map_copy_value(map, &place, &got);
    TRACED(map(map, "get", key, key_size, got));
    if (got.type != VALUE_NONE)
        *value = got;
    return got.type != VALUE_NONE;
}

// Stores the number in *number. Returns false if it is none of this type. Most
// numbers lie in the word: then one lookup is all, and no bytes are copied.
static inline bool get_number(SharedMap *map, const char *key, ValueType type,
                              Value *number)
{
    Key place;
    Found found;
    map_enter_key(map, &place, key, strlen(key));
    map_look(map, &place, &found);
    *number = word_value(found.word);
    if (word_has_chunk(found.word))
        map_read(map, &place, number, NULL, 0);
    TRACED(map(map, "get", key, place.size, *number));
    return number->type == type;
}

bool shared_map_get_int(SharedMap *map, const char *key, long long *integer)
{
    Value value;
    bool found = get_number(map, key, VALUE_INT, &value);
    if (found)
        *integer = value.integer;
    return found;
}

bool shared_map_get_real(SharedMap *map, const char *key, double *real)
{
    Value value;
    bool found = get_number(map, key, VALUE_REAL, &value);
    if (found)  // as bytes: x87 registers change signalling NaNs
        memcpy(real, &value.integer, sizeof *real);
    return found;
}

bool shared_map_get_bool(SharedMap *map, const char *key, bool *boolean)
{
    Value value;
    bool found = get_number(map, key, VALUE_BOOL, &value);
    if (found)
        *boolean = value.boolean;
    return found;
}

// A word shows the type of its value, also of one in a chunk.
static inline ValueType type_at(SharedMap *map, const void *key,
                                size_t key_size)
{
    Key place;
    Found found;
    map_enter_key(map, &place, key, key_size);
    map_look(map, &place, &found);
    TRACED(map(map, "has", key, key_size,
               value_bool(word_type(found.word) != VALUE_NONE)));
    return word_type(found.word);
}

ValueType shared_map_type(SharedMap *map, const char *key)
{
    return type_at(map, key, strlen(key));
}

bool shared_map_has_n(SharedMap *map, const void *key, size_t key_size)
{
    return type_at(map, key, key_size) != VALUE_NONE;
}

// Setting.

void map_must_be_storable(Value value, const char *call)
{
    if (value.type == VALUE_NONE || value.type == VALUE_ERROR)
        die("%s: a value of this type cannot be stored; look for VALUE_NONE "
            "and VALUE_ERROR first",
            call);
}

// Sets a key that has a value without a chunk to another such value, unless it
// is frozen: a compare-and-swap loop. A chunk comes and goes with the lock
// held, which guards the count of their bytes. A swap that fails has lost
// against another thread's change, or against a freeze or a move; the next
// lookup shows which. A store instead could write over the word of a frozen
// entry, or of another table.
static inline bool swap_word(SharedMap *map, const Key *key, uint64_t word)
{
    for (;;) {
        Found found;
        map_look(map, key, &found);
        if (found.word == WORD_DELETED || word_has_chunk(found.word) ||
            found.freeze)
            return false;
        if (found_swap(&found, word))
            return true;
    }
}

static inline bool set(SharedMap *map, const void *key, size_t key_size,
                       Value value)
{
    Key place;
    uint64_t word;
    map_enter_key(map, &place, key, key_size);
    map_must_be_writable(map);
    // Without the lock if that is possible; otherwise with it.
    bool stored = (word_of(value, &word) && swap_word(map, &place, word)) ||
                  change_locked(map, &place, NULL, value) == SHARED_MAP_OK;
    return TRACED_AS(set, stored, map, key, key_size, value);
}

bool shared_map_set_n(SharedMap *map, const void *key, size_t key_size,
                      Value value)
{
    map_must_be_storable(value, "shared_map_set");
    return set(map, key, key_size, value);
}

bool shared_map_set_int(SharedMap *map, const char *key, long long integer)
{
    return set(map, key, strlen(key), value_int(integer));
}

bool shared_map_set_real(SharedMap *map, const char *key, double real)
{
    return set(map, key, strlen(key), value_real(real));
}

bool shared_map_set_bool(SharedMap *map, const char *key, bool boolean)
{
    return set(map, key, strlen(key), value_bool(boolean));
}
