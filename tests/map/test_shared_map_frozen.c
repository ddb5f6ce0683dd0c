// The promises of map_block.h to threads that take no lock, while the map is
// frozen and after it has moved; and to all threads when the thread that froze
// it is gone.

#include "shared_map.h"

#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "map/shared_map_internal.h"
#include "map_alone.h"
#include "map_checks.h"
#include "os/os.h"
#include "test.h"

static const Value values[] = {
    { .type = VALUE_NULL },
    { .type = VALUE_BOOL, .boolean = true },
    { .type = VALUE_INT, .integer = -5 },
    { .type = VALUE_INT, .integer = LLONG_MIN },
    { .type = VALUE_REAL, .real = 0.25 },
    { .type = VALUE_TEXT, .text = "text", .size = 4 },
    { .type = VALUE_BYTES, .bytes = "some bytes", .size = 10 },
};

static const char *const keys[] = {
    "null", "bool", "int", "long", "real", "text", "bytes, of a long name"
};

static SharedMap *map_of_values(void)
{
    SharedMap *map = shared_map_new_sized(8192);
    CHECK(shared_map_set_int(map, "deleted", 1));
    for (size_t i = 0; i < COUNT(values); i++)
        CHECK(shared_map_set(map, keys[i], values[i]));
    CHECK(shared_map_delete(map, "deleted"));
    return map;
}

static void check_values(SharedMap *map)
{
    for (size_t i = 0; i < COUNT(values); i++) {
        check_value(map, keys[i], values[i]);
        CHECK_INT(shared_map_type(map, keys[i]), values[i].type);
        CHECK_INT(shared_map_compare_and_set(map, keys[i], value_int(77),
                                             value_int(78)),
                  SHARED_MAP_DIFFERS);
    }
    CHECK_INT(int_at(map, "int"), -5);
    CHECK_INT(int_at(map, "long"), LLONG_MIN);
    CHECK(!shared_map_has(map, "deleted"));
}

// The lock is held here: a thread that waited for it would wait forever.
TEST(getting, "while a map is frozen all of it can be got without a lock")
{
    SharedMap *map = map_of_values();
    for (int i = 0; i < 3; i++) {
        lock_map_block(&map->block);
        block_freeze(&map->block);
        check_values(map);
        block_thaw(&map->block);
        check_values(map);
        block_unlock(&map->block);
        check_values(map);
    }
    shared_map_free(&map);
}

TEST(swapping, "no word that was found is swapped while the map is frozen")
{
    SharedMap *map = map_of_values();
    Found before = look(map, "int"), again = before;
    lock_map_block(&map->block);
    block_freeze(&map->block);
    CHECK(!found_swap(&before, WORD_TRUE));
    CHECK(look(map, "int").freeze != 0);
    block_thaw(&map->block);
    block_unlock(&map->block);
    CHECK(found_swap(&again, WORD_TRUE));
    check_value(map, "int", value_bool(true));
    shared_map_free(&map);
}

// Moving

// Makes the map move once, to where nothing is as it was.
static void make_it_move(SharedMap *map)
{
    uint64_t in_use = word_load(&map->block.in_use);
    while (word_load(&map->block.in_use) == in_use) {
        CHECK(shared_map_set_int(map, "comes and goes", 1));
        CHECK(shared_map_delete(map, "comes and goes"));
    }
}

TEST(moved, "a word that was found is not swapped after the map has moved")
{
    SharedMap *map = map_of_values();
    Found found = look(map, "int");
    for (int i = 0; i < 5; i++) {
        Found late = found;
        make_it_move(map);
        CHECK(!found_swap(&late, WORD_TRUE));
        check_values(map);
    }
    shared_map_free(&map);
}

// Two entries of different keys with the same value, at the same place.
TEST(cleared, "a word that was found is not that of another key at its place")
{
    SharedMap *map = shared_map_new_sized(8192);
    CHECK(shared_map_set_int(map, "key", 5));
    Found found = look(map, "key");
    for (int i = 0; i < 10; i++) {
        Found late = found;
        shared_map_clear(map);
        CHECK(shared_map_set_int(map, "other", 5));
        CHECK_INT(look(map, "other").entry == late.entry, i % 2 == 1);
        CHECK(i == 0 || !found_swap(&late, WORD_TRUE));
        CHECK_INT(int_at(map, "other"), 5);
    }
    shared_map_free(&map);
}

TEST(deleted,
     "a word that was found is not that of the key when it is set again")
{
    SharedMap *map = shared_map_new();
    CHECK(shared_map_set_int(map, "key", 5));
    Found found = look(map, "key");
    CHECK(shared_map_delete(map, "key"));
    CHECK(shared_map_set_int(map, "key", 5));
    CHECK(!found_swap(&found, WORD_TRUE));
    CHECK_INT(int_at(map, "key"), 5);
    shared_map_free(&map);
}

TEST(text_and_number, "a text that others set comes through between numbers")
{
    SharedMap *map = shared_map_new();
    CHECK(shared_map_set_text(map, "key", "one"));
    Found one = look(map, "key");
    CHECK(shared_map_set_text(map, "key", "two"));
    CHECK(shared_map_set_text(map, "key", "one"));
    CHECK(!found_is_there(&one));
    CHECK(!found_swap(&one, WORD_TRUE));
    CHECK(found_swap(&one, WORD_TRUE));  // as it looked again
    check_value(map, "key", value_bool(true));
    CHECK(shared_map_set_text(map, "key", "one"));
    check_value(map, "key", value_text("one"));
    shared_map_free(&map);
}

// Adding what was found to be missing

// Sets a key of which it was found, before something else was done, that it is
// missing. Returns how many keys there are then.
static size_t set_late(SharedMap *map, void (*meanwhile)(SharedMap *map))
{
    Key key;
    Found found;
    map_enter_key(map, &key, "late", 4);
    map_look(map, &key, &found);
    CHECK(found.entry == NULL);
    meanwhile(map);
    CHECK(change_locked(map, &key, NULL, value_int(2)) == SHARED_MAP_OK);
    CHECK_INT(int_at(map, "late"), 2);
    CHECK(shared_map_delete(map, "late"));
    CHECK(!shared_map_has(map, "late"));
    return shared_map_size(map);
}

static void nothing(SharedMap *map)
{
    (void)map;
}

static void set_it(SharedMap *map)
{
    CHECK(shared_map_set_int(map, "late", 1));
}

static void set_and_move(SharedMap *map)
{
    set_it(map);
    make_it_move(map);
}

static void set_many(SharedMap *map, const char *prefix)
{
    for (int i = 0; i < 50; i++) {
        char key[40];
        snprintf(key, sizeof key, "%s %d", prefix, i);
        CHECK(shared_map_set_int(map, key, i));
    }
}

static void set_and_grow(SharedMap *map)
{
    set_it(map);
    set_many(map, "another");
}

static void grow_and_set(SharedMap *map)
{
    set_many(map, "yet another");
    set_it(map);
}

TEST(late, "a key that was missing is not added when others have added it")
{
    SharedMap *map = shared_map_new_sized(32 * 1024);
    set_many(map, "one");
    CHECK_INT(set_late(map, nothing), 50);
    CHECK_INT(set_late(map, set_it), 50);
    for (int i = 0; i < 5; i++)
        CHECK_INT(set_late(map, set_and_move), 50);
    CHECK_INT(set_late(map, set_and_grow), 100);
    CHECK_INT(set_late(map, grow_and_set), 150);
    shared_map_free(&map);
}

// Chunks

TEST(turns, "texts and long integers take turns in the same two chunks")
{
    SharedMap *map = shared_map_new();
    uint64_t arena = 0;
    for (int i = 0; i < 100; i++) {
        if (i == 2)
            arena = block_table(&map->block)->arena;
        CHECK(shared_map_set_text(map, "key", i % 3 ? "text" : "texts"));
    }
    for (int i = 0; i < 100; i++)
        CHECK(shared_map_set_int(map, "key", LLONG_MAX - i));
    CHECK(block_table(&map->block)->arena == arena);
    shared_map_free(&map);
}

// Killed

static void die_frozen(SharedMap *map)
{
    lock_map_block(&map->block);
    block_freeze(&map->block);
    kill(getpid(), SIGKILL);
}

// With some of the words put away, and the freezing not yet done.
static void die_half_frozen(SharedMap *map)
{
    lock_map_block(&map->block);
    uint32_t count = block_table(&map->block)->count;
    atomic_store(&block_table(&map->block)->count, count / 2);
    block_freeze(&map->block);
    atomic_store(&block_table(&map->block)->count, count);
    kill(getpid(), SIGKILL);
}

// The map has moved, but it still says that it is frozen.
static void die_moved(SharedMap *map)
{
    Block *block = &map->block;
    make_it_move(map);
    lock_map_block(block);
    word_store(&block->freezes, word_load(&block->freezes) + 1);
    kill(getpid(), SIGKILL);
}

static void check_after(void (*die_in)(SharedMap *map))
{
    SharedMap *map = map_of_values();
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0)
        die_in(map);
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child && status != 0);
    check_values(map);  // which needs no repair of the map
    CHECK(shared_map_set_int(map, "int", 6));
    CHECK(shared_map_set_int(map, "int", -5));
    check_values(map);
    MapEntries *entries = shared_map_entries(map);
    CHECK_INT(entries->count, COUNT(values));
    for (size_t i = 0; i < COUNT(values); i++) {
        CHECK_TEXT(entries->at[i].key, keys[i]);
        CHECK(value_equal(entries->at[i].value, values[i]));
    }
    free(entries);
    make_it_move(map);
    check_values(map);
    CHECK_INT(shared_map_size(map), COUNT(values));
    shared_map_free(&map);
}

TEST(killed, "a map that a killed process left frozen is as it was before")
{
    const char *emulator = getenv("RUNNER");
    if (!shared_lock_is_robust() || (emulator && *emulator))
        test_skip("there are no robust mutexes here");
    check_after(die_frozen);
    check_after(die_half_frozen);
    check_after(die_moved);
}
