// Getting and setting one value of a map.
#include "base/base.h"

#include "shared_map_internal.h"

// Getting.

enum { TRIES = 10 };  // before the lock is taken

void map_look_again(SharedMap *map, const Key *key, Found *found)
{
    for (int i = 0; i < TRIES; i++)
        if (block_look(&map->block, key, found))
            return;
    block_lock(&map->block);
    block_look(&map->block, key, found);
    block_unlock(&map->block);
}

// With the lock nothing moves, and no text is written: it counts for nothing
// then that the key may have got a number meanwhile.
Value map_read(SharedMap *map, const Key *key, void *buffer, size_t room)
{
    Value value;
    for (int i = 0; i < TRIES; i++)
        if (block_read(&map->block, key, &value, buffer, room))
            return value;
    value = value_none();  // if there is none that can be: the map is damaged
    block_lock(&map->block);
    block_read(&map->block, key, &value, buffer, room);
    block_unlock(&map->block);
    return value;
}

// Memory is allocated while no lock is held, so the value may outgrow it.
static Value get(SharedMap *map, const Key *key)
{
    char *buffer = NULL;
    size_t room = 0;
    Value value = map_read(map, key, NULL, 0);
    while (value_has_bytes(value) && value.size + 1 > room) {
        room = value.size + 1;
        buffer = must_realloc(buffer, room);
        value = map_read(map, key, buffer, room - 1);
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
    Key place;
    map_enter_key(map, &place, key, key_size);
    TRACED(map_call());
    Value got = get(map, &place);
    TRACED(map(map, "get", key, key_size, got));
    if (got.type != VALUE_NONE)
        *value = got;
    return got.type != VALUE_NONE;
}

static inline ValueType type_at(SharedMap *map, const void *key,
                                size_t key_size)
{
    Key place;
    Found found;
    map_enter_key(map, &place, key, key_size);
    TRACED(map_call());
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

static uint64_t find_word(SharedMap *map, const char *key, Key *place)
{
    Found found;
    map_enter_key(map, place, key, strlen(key));
    map_look(map, place, &found);
    return found.word;
}

// Gives the number if there is one of this type.
static inline bool get_number(SharedMap *map, const char *key, ValueType type,
                              Value *number)
{
    Key place;
    TRACED(map_call());
    uint64_t word = find_word(map, key, &place);
    *number = word_has_chunk(word) ? map_read(map, &place, NULL, 0)
                                   : word_value(word);
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
    if (found)
        *real = value.real;
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

// Setting.

void map_must_be_storable(Value value, const char *call)
{
    if (value.type == VALUE_NONE || value.type == VALUE_ERROR)
        die("%s: a value of this type cannot be stored", call);
}

// Sets a key that is there to a number, if it is not frozen.
static inline bool swap_word(SharedMap *map, const Key *key, uint64_t word,
                             Found *found)
{
    for (;;) {
        map_look(map, key, found);
        if (found->word == WORD_DELETED || found->freeze)
            return false;
        if (found_swap(found, word))
            return true;
    }
}

static bool set_locked(SharedMap *map, const Key *key, Value value,
                       const Found *before)
{
    block_lock(&map->block);
    bool stored = block_set(&map->block, key, value, before);
    block_unlock(&map->block);
    return stored;
}

static inline bool set(SharedMap *map, const void *key, size_t key_size,
                       Value value)
{
    Key place;
    Found found;
    uint64_t word;
    map_enter_key(map, &place, key, key_size);
    TRACED(map_call());
    if (!word_of(value, &word))
        return TRACED_AS(set, set_locked(map, &place, value, NULL), map, key,
                         key_size, value);
    return TRACED_AS(set,
                     swap_word(map, &place, word, &found) ||
                         set_locked(map, &place, value, &found),
                     map, key, key_size, value);
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

bool shared_map_delete_n(SharedMap *map, const void *key, size_t key_size)
{
    Key place;
    map_enter_key(map, &place, key, key_size);
    TRACED(map_call());
    block_lock(&map->block);
    bool was_there = block_delete(&map->block, &place);
    block_unlock(&map->block);
    TRACED(map(map, "delete", key, key_size, value_bool(was_there)));
    return was_there;
}
