// Shared by the tests of damaged maps: memory with nothing around it, maps to
// damage, and every call of a map.

#ifndef MAP_DAMAGE_H
#define MAP_DAMAGE_H

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "map/shared_map_internal.h"
#include "map_alone.h"
#include "map_checks.h"
#include "os/os.h"
#include "shared_map_file.h"

// No bytes are left over in a block of this size.
enum { DAMAGE_SIZE = 4096 - CACHE_LINE, DAMAGE_LARGE = 2 * 4096 - CACHE_LINE };

// Memory between two guard pages, which cannot be read or written.
typedef struct Guarded {
    char *from, *to;
} Guarded;

static inline Guarded guarded_new(size_t least)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t size = (least + page - 1) / page * page;
    char *memory = memory_reserve(size + 2 * page);
    CHECK(mprotect(memory, page, PROT_NONE) == 0);
    CHECK(mprotect(memory + page + size, page, PROT_NONE) == 0);
    return (Guarded){ memory + page, memory + page + size };
}

// Copies the bytes to where the memory ends, but for what is left of a word, or
// where it begins. There is no lock in a copy of one.
static inline SharedMap *guarded_copy(Guarded memory, bool at_end,
                                      const void *bytes, size_t size)
{
    size_t lock = offsetof(SharedMap, block) + offsetof(Block, lock);
    void *buffer = at_end ? memory.to - (size + 7) / 8 * 8 : memory.from;
    SharedMap *map = buffer;
    if (size > 0)
        memcpy(buffer, bytes, size);
    if (size >= lock + sizeof(SharedLock))
        shared_lock_init(&map->block.lock);
    return map;
}

// Maps to damage. Some keys lie in their entries, and some do not.

static const char *const damage_keys[] = {
    "a",
    "bool",
    "",
    "12345678",
    "a key of 16 byte",
    "int",
    "real",
    "a key that is too long to lie there",
    "text",
    "a text under a long key",
    "bytes",
    "long",
};

enum { DAMAGE_KEYS = COUNT(damage_keys) };

// Each has another value, and had one before.
static inline Value damage_value(size_t i)
{
    static const char bytes[80] = "Some bytes, of which some are taken.";
    switch (i % 6) {
    case 0:
        return value_int((long long)i);
    case 1:
        return (Value){ VALUE_TEXT, .text = bytes, .size = 3 * i };
    case 2:
        return value_real(0.5);
    case 3:
        return value_int(LLONG_MAX - (long long)i);
    case 4:
        return value_bytes(bytes, 2 * i);
    default:
        return value_bool(true);
    }
}

static inline void fill_for_damage(SharedMap *map, size_t first, size_t rounds)
{
    for (size_t round = 0; round < rounds; round++)
        for (size_t i = 0; i < DAMAGE_KEYS; i++)
            CHECK(shared_map_set(map, damage_keys[i],
                                 damage_value(first + round + i)));
}

static inline void fill_up(SharedMap *map)
{
    char key[40];
    int i = 0;
    do
        snprintf(key, sizeof key, "%s%d", i % 3 ? "" : "a long prefix: ", i);
    while (shared_map_set_int(map, key, i++));
}

typedef enum DamageMap {
    MAP_EMPTY,
    MAP_OF_ALL,
    MAP_WRITTEN_OFTEN,
    MAP_WITH_DELETED,
    MAP_THAT_MOVED,
    MAP_FULL_OF_ALL,
    MAP_FROZEN,
    DAMAGE_MAPS
} DamageMap;

// Makes one of them in the buffer.
static inline SharedMap *make_for_damage(DamageMap kind, void *buffer,
                                         size_t size)
{
    memset(buffer, 0, size);
    SharedMap *map = shared_map_new_in(buffer, size);
    if (kind >= MAP_OF_ALL)
        fill_for_damage(map, 0, kind == MAP_WRITTEN_OFTEN ? 8 : 2);
    if (kind == MAP_WITH_DELETED)
        for (size_t i = 0; i < DAMAGE_KEYS; i += 2)
            CHECK(shared_map_delete(map, damage_keys[i]));
    while (kind == MAP_THAT_MOVED && word_load(&map->block.in_use) < 3)
        CHECK(shared_map_set_int(map, "comes and goes", 1) &&
              shared_map_delete(map, "comes and goes"));
    if (kind == MAP_FULL_OF_ALL)
        fill_up(map);
    if (kind == MAP_FROZEN)
        map_freeze_alone(map);
    return map;
}

// Every call

static inline void get_all(SharedMap *map, const char *key)
{
    long long integer;
    double real;
    bool boolean;
    char text[50];
    Value value = value_none();
    shared_map_get_int(map, key, &integer);
    shared_map_get_real(map, key, &real);
    shared_map_get_bool(map, key, &boolean);
    shared_map_get_text(map, key, text, sizeof text);
    shared_map_type(map, key);
    shared_map_has(map, key);
    if (shared_map_get(map, key, &value))
        value_free(&value);
}

// Calls that need no lock, as a rule.
static inline void use_without_lock(SharedMap *map)
{
    for (size_t i = 0; i < DAMAGE_KEYS; i++)
        get_all(map, damage_keys[i]);
    get_all(map, "missing");
    get_all(map, "missing, with a name that is a long one");
}

static inline bool change_any(Value *value, void *context)
{
    (void)context;
    bool is_text = value->type == VALUE_TEXT;
    *value = is_text ? value_int(LLONG_MIN) : value_text("changed");
    return true;
}

static inline void set_all(SharedMap *map, const char *key, int i)
{
    shared_map_add(map, key, 1, NULL);
    shared_map_add(map, key, LLONG_MAX / 2, NULL);
    shared_map_update(map, key, change_any, NULL);
    shared_map_compare_and_set(map, key, value_text("changed"),
                               value_bytes("other", 5));
    shared_map_compare_and_set(map, key, value_int(LLONG_MIN), value_int(1));
    shared_map_set_if_absent(map, key, value_real(1));
    shared_map_set_text(map, key, "a text that is longer than most others");
    shared_map_set_int(map, key, i);
    shared_map_set_real(map, key, 0.5);
    shared_map_set_bool(map, key, true);
    if (i % 3 == 0)
        shared_map_delete(map, key);
}

static inline void look_at_all(SharedMap *map)
{
    size_t count = shared_map_size(map);
    MapEntries *entries = shared_map_entries(map);
    CHECK_INT(entries->count, count);
    size_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += strlen(entries->at[i].key) <= entries->at[i].key_size;
        if (value_has_bytes(entries->at[i].value))
            sum += strlen(entries->at[i].value.text) > 0;
    }
    CHECK(sum >= count);
    free(entries);
}

static inline void print_map(SharedMap *map)
{
    static FILE *nowhere;
    if (nowhere == NULL)
        nowhere = fopen("/dev/null", "w");
    shared_map_print(map, nowhere);
}

// Grows, moves, gets full and is cleared, too.
static inline void use_with_lock(SharedMap *map)
{
    look_at_all(map);
    print_map(map);
    for (size_t i = 0; i < DAMAGE_KEYS; i++)
        set_all(map, damage_keys[i], (int)i);
    look_at_all(map);
    fill_up(map);
    look_at_all(map);
    shared_map_clear(map);
    CHECK_INT(shared_map_size(map), 0);
    CHECK(shared_map_set_int(map, "new", 1));
    CHECK_INT(int_at(map, "new"), 1);
}

#endif
