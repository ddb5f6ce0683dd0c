// What a call costs in a map that is full: about as much as in one that is half
// full. A move copies everything alive, so most calls must do without one. Each
// test would take minutes, and exceed the test's time limit, if a refused call
// looked at the whole map.

#include "shared_map.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "map/shared_map_internal.h"
#include "test.h"

static const char *key_number(char key[32], int number)
{
    snprintf(key, 32, "key %d", number);
    return key;
}

// Sets key 0, key 1 and so on until the map is full. Returns how many it holds.
static int fill(SharedMap *map)
{
    char key[32];
    int count = 0;
    while (shared_map_set_int(map, key_number(key, count), count))
        count++;
    return count;
}

static uint64_t moves(SharedMap *map)
{
    return word_load(&map->block.in_use);
}

TEST(refused, "a full map refuses 100,000 calls of each kind, and stays put")
{
    SharedMap *map = shared_map_new_sized(64 << 20);
    char key[32], text[200];
    memset(text, 't', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    int count = fill(map);
    CHECK(count > 300 * 1000);
    uint64_t before = moves(map);
    for (int i = 0; i < 100 * 1000; i++) {
        CHECK(!shared_map_set_int(map, key_number(key, count + i), 1));
        CHECK(!shared_map_set_text(map, "another key", text));
        CHECK(!shared_map_set_text(map, key_number(key, i), text));
        CHECK_INT(shared_map_add(map, "another key", 1, NULL), SHARED_MAP_FULL);
    }
    CHECK_INT(moves(map), before);
    CHECK_INT(shared_map_size(map), count);
    shared_map_free(&map);
}

// A new key takes an entry, two words and a slot or two: so a move is due after
// an eighth of a table, or an eighth of the slots.
TEST(cache, "in a full map a key that goes makes room for one that comes")
{
    SharedMap *map = shared_map_new();
    char key[32];
    int count = fill(map), rounds = 300 * 1000;
    uint64_t before = moves(map);
    for (int i = 0; i < rounds; i++) {
        CHECK(shared_map_delete(map, key_number(key, i)));
        CHECK(shared_map_set_int(map, key_number(key, count + i), i));
        CHECK(!shared_map_set_int(map, "one more", 1));
    }
    CHECK(moves(map) - before <= 12);
    CHECK_INT(shared_map_size(map), count);
    shared_map_free(&map);
}

// Among them the sizes where the number of keys is nearly half a power of two,
// and the index of so many would be full at once.
TEST(sizes, "so it is in a map of any size")
{
    char key[32];
    for (size_t size = 150 * 1000; size < 190 * 1000; size += 150) {
        SharedMap *map = shared_map_new_sized(size);
        int count = fill(map);
        uint64_t before = moves(map);
        for (int i = 0; i < count; i++) {
            CHECK(shared_map_delete(map, key_number(key, i)));
            CHECK(shared_map_set_int(map, key_number(key, count + i), i));
        }
        CHECK(moves(map) - before <= 10);
        shared_map_free(&map);
    }
}

// The first text of a key takes the place of an integer; then texts of any size
// take turns.
TEST(texts, "in a full map texts take the place of texts that are as long")
{
    SharedMap *map = shared_map_new();
    char key[32], text[64] = "";
    memset(text, 't', sizeof text - 1);
    CHECK(shared_map_set_text(map, "a", text));
    CHECK(shared_map_set_text(map, "b", text));
    int count = fill(map);
    uint64_t before = moves(map);
    for (int i = 0; i < 300 * 1000; i++) {
        text[sizeof text - 2] = (char)('0' + i % 10);
        CHECK(shared_map_set_text(map, i % 2 ? "a" : "b", text));
    }
    CHECK(moves(map) - before <= 1);
    CHECK_INT(shared_map_size(map), count + 2);
    for (int i = 0; i < 1000; i++)
        CHECK(shared_map_delete(map, key_number(key, i)));
    for (int i = 0; i < 300 * 1000; i++)
        CHECK(shared_map_set_text(map, key_number(key, count - 1 - i % 500),
                                  text + (unsigned)i % 60));
    CHECK(moves(map) - before <= 12);
    shared_map_free(&map);
}

// With sets of a number that needs a chunk, which are never refused.
TEST(numbers, "in a full map long numbers are set without a move each time")
{
    SharedMap *map = shared_map_new_sized(1 << 20);
    char key[32];
    int count = fill(map);
    for (int round = 0; round < 20; round++) {
        uint64_t before = moves(map);
        for (int i = 0; i < count; i++)
            CHECK(shared_map_set_int(map, key_number(key, i),
                                     (1LL << 60) + i + round));
        CHECK(moves(map) - before <= 12);
        for (int i = 0; round % 2 && i < count; i++)
            CHECK(shared_map_set_int(map, key_number(key, i), i));
    }
    CHECK_INT(shared_map_size(map), count);
    shared_map_free(&map);
}

// The counts that say so are the map's own: they are right after any change.
TEST(counts, "the bytes that are alive are counted right, whatever is changed")
{
    static char longer[300];
    memset(longer, 'l', sizeof longer - 1);
    SharedMap *map = shared_map_new_sized(64 * 1024);
    unsigned random = 7;
    for (int i = 0; i < 20 * 1000; i++) {
        random = random * 1103515245 + 12345;
        unsigned draw = random >> 16;
        const char *key = longer + 200 + draw % 90;
        if (draw % 7 == 0)
            shared_map_delete(map, key);
        else if (draw % 7 < 3)
            shared_map_set_text(map, key, longer + draw % 299);
        else if (draw % 7 < 5)
            shared_map_set_int(map, key,
                               (long long)draw << (draw % 2 ? 40 : 0));
        else
            shared_map_compare_and_set(map, key, value_int(draw), value_null());
        if (i % 100 > 0)
            continue;
        Table *table = block_table_at(&map->block, moves(map));
        uint32_t alive = table->alive;
        uint64_t bytes = table->alive_bytes;
        table_count_alive(table);
        CHECK_INT(table->alive, alive);
        CHECK_INT(table->alive_bytes, bytes);
    }
    shared_map_free(&map);
}
