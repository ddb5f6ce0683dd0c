// All kinds of changes, and of looks at all of a map, which write to it too.

#ifndef MAP_MUTATIONS_H
#define MAP_MUTATIONS_H

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "map/shared_map_internal.h"
#include "map_crashes.h"
#include "test.h"

#define LONG_NAME "a name that does not fit in its entry"
#define LONG_TEXT "a text of several words of memory, each of them a store"

enum { SMALL = 8 * 1024, LARGE = 24 * 1024 };

// Maps to begin with.

static inline void nothing(SharedMap *map)
{
    (void)map;
}

// Of every kind one. The text has had two chunks, the large integer one.
static inline void prepare_some(SharedMap *map)
{
    CHECK(shared_map_set_int(map, "deleted", 1));
    CHECK(shared_map_set_text(map, "text", "this is the text"));
    CHECK(shared_map_set_text(map, "text", "the text"));
    CHECK(shared_map_set_int(map, "large", LLONG_MAX));
    CHECK(shared_map_set_int(map, "int", 5));
    CHECK(shared_map_set_text(map, LONG_NAME, "some"));
    CHECK(shared_map_delete(map, "deleted"));
}

static inline void prepare_one(SharedMap *map)
{
    CHECK(shared_map_set_text(map, "text", "the text"));
}

// Calls.

#define SET(name, type, ...)                                                   \
    static inline void name(SharedMap *map)                                    \
    {                                                                          \
        shared_map_set_##type(map, __VA_ARGS__);                               \
    }

SET(add_int, int, "new", 7)
SET(add_real, real, "new", 0.5)
SET(add_null, null, "new")
SET(add_large, int, "new", LLONG_MIN)
SET(add_text, text, "new", LONG_TEXT)
SET(add_no_bytes, bytes, "", "", 0)
SET(add_long_name, bytes, LONG_NAME " at all", LONG_TEXT, 19)
SET(int_to_int, int, "int", 6)
SET(int_to_bool, bool, "int", true)
SET(int_to_large, int, "int", LLONG_MIN)
SET(int_to_text, text, "int", LONG_TEXT)
SET(large_to_large, int, "large", LLONG_MIN)
SET(large_to_text, text, "large", LONG_TEXT)
SET(text_to_int, int, "text", 6)
SET(text_to_large, int, "text", LLONG_MAX - 1)
SET(text_to_shorter, text, "text", "a text")
SET(text_to_longer, text, "text", LONG_TEXT)
SET(text_to_bytes, bytes, "text", LONG_TEXT, 10)
SET(text_to_same, text, "text", "the text")
SET(long_name_to_text, text, LONG_NAME, LONG_TEXT)

#define CALL(name, function, ...)                                              \
    static inline void name(SharedMap *map)                                    \
    {                                                                          \
        shared_map_##function(map, __VA_ARGS__);                               \
    }

CALL(delete_int, delete, "int")
CALL(delete_text, delete, "text")
CALL(delete_long_name, delete, LONG_NAME)
CALL(delete_nothing, delete, "new")
CALL(add_to_nothing, add, "new", 5, NULL)
CALL(add_large_to_nothing, add, "new", LLONG_MAX, NULL)
CALL(add_to_int, add, "int", -7, NULL)
CALL(add_large_to_int, add, "int", 1LL << 60, NULL)
CALL(add_to_large, add, "large", -1, NULL)
CALL(add_large_to_large, add, "large", -LLONG_MAX, NULL)
CALL(swap_ints, compare_and_set, "int", value_int(5), value_int(6))
CALL(swap_in_text, compare_and_set, "int", value_int(5), value_text(LONG_TEXT))
CALL(swap_texts, compare_and_set, "text", value_text("the text"),
     value_text("another text"))
CALL(swap_out_text, compare_and_set, "text", value_text("the text"),
     value_bool(true))
CALL(swap_to_nothing, compare_and_set, "text", value_text("the text"),
     value_none())
CALL(swap_int_to_nothing, compare_and_set, "int", value_int(5), value_none())
CALL(swap_from_nothing, compare_and_set, "new", value_none(),
     value_text(LONG_TEXT))
CALL(swap_in_vain, compare_and_set, "text", value_text("a text"), value_int(1))
CALL(set_absent, set_if_absent, "new", value_text(LONG_TEXT))
CALL(set_present, set_if_absent, "text", value_text(LONG_TEXT))

static inline bool change_value(Value *value, void *text)
{
    *value = text ? value_text(text) : value_none();
    return true;
}

#define TURN(name, key, text)                                                  \
    static inline void name(SharedMap *map)                                    \
    {                                                                          \
        Key place;                                                             \
        MapUpdate turn = { .map = map };                                       \
        map_enter_key(map, &place, key, strlen(key));                          \
        map_update_in_turn(map, &place, &turn, change_value, (char *)(text));  \
    }

TURN(turn_of_text, "text", LONG_TEXT)
TURN(turn_of_int, "int", LONG_TEXT)
TURN(turn_of_nothing, "new", LONG_TEXT)
TURN(turn_to_nothing, "int", NULL)

CALL(update_text, update, "text", change_value, (char *)LONG_TEXT)
CALL(update_int, update, "int", change_value, (char *)LONG_TEXT)
CALL(update_nothing, update, "new", change_value, (char *)LONG_TEXT)
CALL(update_to_nothing, update, "text", change_value, NULL)

static inline void clear(SharedMap *map)
{
    shared_map_clear(map);
}

static inline void look_at_all(SharedMap *map)
{
    free(shared_map_entries(map));
}

static inline void ask_for_size(SharedMap *map)
{
    shared_map_size(map);
}

static inline void print(SharedMap *map)
{
    FILE *nowhere = fopen("/dev/null", "w");
    if (nowhere)
        shared_map_print(map, nowhere);
    if (nowhere)
        fclose(nowhere);
}

// Maps that the next call makes move, or their index grow.

static inline void come_and_go(SharedMap *map)
{
    CHECK(shared_map_set_int(map, "comes and goes", 1));
    CHECK(shared_map_delete(map, "comes and goes"));
}

static inline void come(SharedMap *map)
{
    char key[40];
    snprintf(key, sizeof key, "key %zu", shared_map_size(map));
    shared_map_set_int(map, key, 1);
}

static inline void come_with_text(SharedMap *map)
{
    char key[40];
    snprintf(key, sizeof key, "key %zu", shared_map_size(map));
    shared_map_set_text(map, key, LONG_TEXT);
}

// Integers that become large may take the last room, that others may not: until
// the map is full one more comes, and then one after the other gets large.
static inline void come_or_get_large(SharedMap *map)
{
    static long long turn;
    char key[40];
    size_t size = shared_map_size(map);
    come(map);
    if (shared_map_size(map) > size)
        return;
    snprintf(key, sizeof key, "key %lld", turn++ % (long long)size);
    if (shared_map_has(map, key))
        CHECK(shared_map_set_int(map, key, LLONG_MAX - turn));
}

#define BEFORE(name, wait_for_it, meanwhile, call)                             \
    static inline void name(SharedMap *map)                                    \
    {                                                                          \
        prepare_some(map);                                                     \
        wait_for_it(meanwhile, call);                                          \
    }

BEFORE(before_move_int, until_it_moves, come_and_go, add_int)
BEFORE(before_move_name, until_it_moves, come_and_go, add_long_name)
BEFORE(before_move_text, until_it_moves, come_and_go, text_to_longer)
BEFORE(before_move_large, until_it_moves, come_or_get_large, int_to_large)
BEFORE(before_move_swap, until_it_moves, come_and_go, swap_in_text)
BEFORE(before_move_sum, until_it_moves, come_or_get_large, add_large_to_int)
BEFORE(before_move_update, until_it_moves, come_and_go, update_nothing)
BEFORE(before_move_turn, until_it_moves, come_and_go, turn_of_int)
BEFORE(before_growth_int, until_it_grows, come, add_int)
BEFORE(before_growth_text, until_it_grows, come, add_text)

// A map that has moved a few times, and is full.
static inline void fill_it(SharedMap *map)
{
    char key[40] = "key";
    prepare_some(map);
    for (int i = 0; shared_map_set_int(map, key, i); i++)
        snprintf(key, sizeof key, "key %d", i);
}

// The lists.

static const Mutation adding[] = {
    { "adding an integer to an empty map", SMALL, nothing, add_int },
    { "adding a text to an empty map", SMALL, nothing, add_text },
    { "adding an integer", SMALL, prepare_some, add_int },
    { "adding an integer to a larger map", LARGE, prepare_some, add_int },
    { "adding a real", SMALL, prepare_some, add_real },
    { "adding null", SMALL, prepare_some, add_null },
    { "adding a large integer", SMALL, prepare_some, add_large },
    { "adding a text", SMALL, prepare_some, add_text },
    { "adding no bytes under no name", SMALL, prepare_some, add_no_bytes },
    { "adding bytes under a long name", SMALL, prepare_some, add_long_name },
};

static const Mutation adding_on[] = {
    { "adding integers", LARGE, nothing, come },
    { "adding texts", LARGE, nothing, come_with_text },
};

static const Mutation overwriting[] = {
    { "an integer becomes another", SMALL, prepare_some, int_to_int },
    { "an integer becomes true", SMALL, prepare_some, int_to_bool },
    { "an integer becomes large", SMALL, prepare_some, int_to_large },
    { "an integer becomes a text", SMALL, prepare_some, int_to_text },
    { "a large integer becomes another", SMALL, prepare_some, large_to_large },
    { "a large integer becomes a text", SMALL, prepare_some, large_to_text },
    { "a text becomes an integer", SMALL, prepare_some, text_to_int },
    { "a text becomes a large integer", SMALL, prepare_some, text_to_large },
    { "a text becomes shorter", SMALL, prepare_some, text_to_shorter },
    { "a text becomes longer", SMALL, prepare_some, text_to_longer },
    { "a text becomes bytes", SMALL, prepare_some, text_to_bytes },
    { "a text becomes the same", SMALL, prepare_some, text_to_same },
    { "the text of a long name", SMALL, prepare_some, long_name_to_text },
    { "a text gets its first spare chunk", SMALL, prepare_one,
      text_to_shorter },
};

static const Mutation deleting[] = {
    { "deleting an integer", SMALL, prepare_some, delete_int },
    { "deleting a text", SMALL, prepare_some, delete_text },
    { "deleting a long name", SMALL, prepare_some, delete_long_name },
    { "deleting the only key", SMALL, prepare_one, delete_text },
    { "deleting what is missing", SMALL, prepare_some, delete_nothing },
    { "clearing an empty map", SMALL, nothing, clear },
    { "clearing", SMALL, prepare_some, clear },
    { "clearing a full map", SMALL, fill_it, clear },
};

static const Mutation updating[] = {
    { "adding to nothing", SMALL, prepare_some, add_to_nothing },
    { "adding much to nothing", SMALL, prepare_some, add_large_to_nothing },
    { "adding to an integer", SMALL, prepare_some, add_to_int },
    { "adding much to an integer", SMALL, prepare_some, add_large_to_int },
    { "adding to a large integer", SMALL, prepare_some, add_to_large },
    { "a large integer becomes small", SMALL, prepare_some,
      add_large_to_large },
    { "swapping integers", SMALL, prepare_some, swap_ints },
    { "swapping an integer for a text", SMALL, prepare_some, swap_in_text },
    { "swapping texts", SMALL, prepare_some, swap_texts },
    { "swapping a text for true", SMALL, prepare_some, swap_out_text },
    { "swapping a text for nothing", SMALL, prepare_some, swap_to_nothing },
    { "swapping an integer for nothing", SMALL, prepare_some,
      swap_int_to_nothing },
    { "swapping nothing for a text", SMALL, prepare_some, swap_from_nothing },
    { "swapping in vain", SMALL, prepare_some, swap_in_vain },
    { "setting what is missing", SMALL, prepare_some, set_absent },
    { "setting if missing, in vain", SMALL, prepare_some, set_present },
    { "updating a text", SMALL, prepare_some, update_text },
    { "updating an integer", SMALL, prepare_some, update_int },
    { "updating nothing", SMALL, prepare_some, update_nothing },
    { "updating to nothing", SMALL, prepare_some, update_to_nothing },
    { "updating a text in turn", SMALL, prepare_some, turn_of_text },
    { "updating an integer in turn", SMALL, prepare_some, turn_of_int },
    { "updating nothing in turn", SMALL, prepare_some, turn_of_nothing },
    { "updating to nothing in turn", SMALL, prepare_some, turn_to_nothing },
};

static const Mutation moving[] = {
    { "moving, for an integer", SMALL, before_move_int, add_int },
    { "moving, for a long name", SMALL, before_move_name, add_long_name },
    { "moving, for a text", SMALL, before_move_text, text_to_longer },
    { "moving, for a large integer", SMALL, before_move_large, int_to_large },
    { "moving, for a swap", SMALL, before_move_swap, swap_in_text },
    { "moving, for a sum", SMALL, before_move_sum, add_large_to_int },
    { "moving, for an update", SMALL, before_move_update, update_nothing },
    { "moving, for an update in turn", SMALL, before_move_turn, turn_of_int },
    { "growing, for an integer", SMALL, before_growth_int, add_int },
    { "growing, for a text", LARGE, before_growth_text, add_text },
    { "adding to a full map", SMALL, fill_it, add_int },
    { "setting a text in a full map", SMALL, fill_it, int_to_text },
    { "setting a large integer in a full map", SMALL, fill_it, int_to_large },
};

static const Mutation looking[] = {
    { "looking at an empty map", SMALL, nothing, look_at_all },
    { "looking at all", SMALL, prepare_some, look_at_all },
    { "printing", SMALL, prepare_some, print },
    { "asking for the size", SMALL, prepare_some, ask_for_size },
};

#endif
