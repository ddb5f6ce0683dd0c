// The promises of shared_map.h about room: deleted entries take none, a full
// map refuses and stays whole, and growing goes unnoticed.

#include "shared_map.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/die.h"
#include "map_checks.h"
#include "test.h"

static void check_text(SharedMap *map, const char *key, const char *expected)
{
    Value value = value_none();
    CHECK(shared_map_get(map, key, &value));
    CHECK(value_equal(value, value_text(expected)));
    value_free(&value);
}

static const char *key_number(char key[20], int number)
{
    snprintf(key, 20, "key %d", number);
    return key;
}

// Sets key 0, key 1 and so on until the map is full. Returns how many it holds.
static int fill(SharedMap *map)
{
    char key[20];
    int count = 0;
    while (shared_map_set_text(map, key_number(key, count), key))
        count++;
    return count;
}

static void check_filled(SharedMap *map, int count)
{
    char key[20];
    CHECK_INT(shared_map_size(map), count);
    MapEntries *entries = shared_map_entries(map);
    for (int i = 0; i < count; i++) {
        check_text(map, key_number(key, i), key);
        CHECK_TEXT(entries->at[i].key, key);
    }
    free(entries);
}

// Taking none

TEST(overwriting, "a million overwrites never fill a small map")
{
    static char letters[201];
    memset(letters, 'x', sizeof letters - 1);
    SharedMap *map = shared_map_new_sized(4096);
    unsigned random = 1;
    for (int i = 0; i < test_rounds(1000 * 1000); i++) {
        random = random * 1103515245 + 12345;
        const char *text = letters + (random >> 16) % sizeof letters;
        CHECK(shared_map_set_text(map, i % 2 ? "odd" : "even", text));
    }
    CHECK_INT(shared_map_size(map), 2);
    shared_map_free(&map);
}

TEST(coming_and_going, "keys that come and go never fill a small map")
{
    SharedMap *map = shared_map_new_sized(4096);
    char key[20];
    for (int i = 0; i < 100 * 1000; i++) {
        CHECK(shared_map_set_text(map, key_number(key, i), "some text"));
        CHECK_INT(shared_map_delete(map, key_number(key, i - 5)), i >= 5);
    }
    CHECK_INT(shared_map_size(map), 5);
    shared_map_free(&map);
}

TEST(cleared_room, "a cleared map holds as much as a new one")
{
    SharedMap *map = shared_map_new_sized(8192);
    int count = fill(map);
    for (int i = 0; i < 10; i++) {
        shared_map_clear(map);
        CHECK_INT(fill(map), count);
        check_filled(map, count);
    }
    shared_map_free(&map);
}

// Full

static char long_text[2000];  // longer than what a key of ours has

__attribute__((constructor)) static void make_long_text(void)
{
    memset(long_text, 'l', sizeof long_text - 1);
}

TEST(full_changes_nothing, "what a full map refuses changes nothing")
{
    SharedMap *map = shared_map_new_sized(8192);
    int count = fill(map);
    CHECK(!shared_map_set_text(map, "key 0", long_text));
    CHECK(!shared_map_set_bytes(map, "key 1", long_text, sizeof long_text));
    CHECK(!shared_map_set_text(map, "new key", "text"));
    CHECK(!shared_map_set_int(map, "a new key without a text, but longer", 1));
    CHECK(!shared_map_set_null(map, long_text));
    CHECK(!shared_map_has(map, "new key"));
    CHECK(!shared_map_has(map, long_text));
    CHECK(!shared_map_has(map, "a new key without a text, but longer"));
    check_filled(map, count);
    shared_map_free(&map);
}

TEST(full_sets_numbers, "a full map takes what needs no room")
{
    SharedMap *map = shared_map_new_sized(8192);
    long long integer = 0;
    CHECK(shared_map_set_int(map, "int", 1));
    int count = fill(map);
    for (int i = 0; i < 100; i++)
        CHECK(shared_map_set_int(map, "int", i));
    CHECK(shared_map_get_int(map, "int", &integer));
    CHECK_INT(integer, 99);
    CHECK(shared_map_set_null(map, "key 0"));
    CHECK_INT(shared_map_type(map, "key 0"), VALUE_NULL);
    check_text(map, "key 1", "key 1");
    CHECK_INT(shared_map_size(map), count + 1);
    shared_map_free(&map);
}

TEST(deleting_makes_room, "deleting makes room again, for anything")
{
    SharedMap *map = shared_map_new_sized(64 * 1024);
    char key[20];
    int count = fill(map);
    CHECK(!shared_map_set_text(map, "long", long_text));
    for (int i = 0; i < count; i += 2)
        CHECK(shared_map_delete(map, key_number(key, i)));
    CHECK(shared_map_set_text(map, "long", long_text));
    for (int i = 1; i < count; i += 2)
        check_text(map, key_number(key, i), key);
    CHECK(shared_map_delete(map, "long"));
    for (int i = 0; i < count; i += 2)
        CHECK(shared_map_set_text(map, key_number(key, i), key));
    CHECK_INT(shared_map_size(map), count);
    shared_map_free(&map);
}

TEST(most, "a map holds seven sixteenths of its buffer, in one piece or many")
{
    enum { SIZE = 1000 * 1000 };
    char *bytes = must_calloc(1, SIZE);
    SharedMap *map = shared_map_new_sized(SIZE);
    CHECK(shared_map_set_bytes(map, "one", bytes, SIZE * 43 / 100));
    CHECK(shared_map_delete(map, "one"));
    CHECK(!shared_map_set_bytes(map, "one", bytes, SIZE * 44 / 100));
    for (int i = 0; i < 43; i++) {
        char key[20];
        CHECK(shared_map_set_bytes(map, key_number(key, i), bytes, SIZE / 100));
    }
    CHECK(!shared_map_set_bytes(map, "more", bytes, SIZE / 100));
    CHECK_INT(shared_map_size(map), 43);
    shared_map_free(&map);
    free(bytes);
}

TEST(too_large, "a value larger than any map is refused without a look at it")
{
    static const uint64_t sizes[] = {
        100 * 1000,     UINT32_MAX, UINT64_C(1) << 32, (UINT64_C(1) << 32) + 5,
        UINT64_MAX - 7, UINT64_MAX
    };
    SharedMap *map = shared_map_new_sized(64 * 1024);
    for (size_t i = 0; i < COUNT(sizes); i++)
        if (sizes[i] <= SIZE_MAX)
            CHECK(!shared_map_set_bytes(map, "key", "", (size_t)sizes[i]));
    CHECK_INT(shared_map_size(map), 0);
    shared_map_free(&map);
}

// Sizes

static size_t buffer_size;  // of the next map_in_memory

static void map_in_memory(void)
{
    shared_map_new_in(must_malloc(buffer_size), buffer_size);
}

static void map_of_its_own(void)
{
    shared_map_new_sized(buffer_size);
}

static bool fits_in_memory(void)
{
    pid_t child = fork();
    if (child == 0) {
        fclose(stderr);
        map_in_memory();
        _Exit(0);
    }
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status));
    return status == 0;
}

// Sets buffer_size to the fewest bytes in which there can be a map.
static void find_smallest(void)
{
    size_t fewer = 0, enough = 4096;
    while (enough - fewer > 1) {
        buffer_size = (fewer + enough) / 2;
        *(fits_in_memory() ? &enough : &fewer) = buffer_size;
    }
    buffer_size = enough;
}

// Fills a map with keys that have no text, then gives them short ones, as far
// as there is room.
static void fill_with_short_texts(SharedMap *map)
{
    char key[20];
    int count = 0, texts = 0;
    while (shared_map_set_null(map, key_number(key, count)))
        count++;
    while (texts < count &&
           shared_map_set_text(map, key_number(key, texts), "abc"))
        texts++;
    for (int i = 0; i < count; i++) {
        CHECK_INT(shared_map_type(map, key_number(key, i)),
                  i < texts ? VALUE_TEXT : VALUE_NULL);
        if (i < texts)
            check_text(map, key, "abc");
    }
    CHECK_INT(shared_map_size(map), count);
}

// Fills a map of N bytes completely, and looks at the bytes around it.
static int check_brim(size_t size)
{
    enum { AROUND = 64, DIRT = 0xdb };
    unsigned char *memory = must_malloc(size + 2 * AROUND);
    memset(memory, DIRT, size + 2 * AROUND);
    SharedMap *map = shared_map_new_in(memory + AROUND, size);
    int count = fill(map);
    CHECK(!shared_map_set_text(map, "key 0", long_text));
    check_filled(map, count);
    shared_map_clear(map);
    fill_with_short_texts(map);
    shared_map_clear(map);
    CHECK_INT(fill(map), count);
    shared_map_free(&map);
    for (int i = 0; i < AROUND; i++) {
        CHECK_INT(memory[i], DIRT);
        CHECK_INT(memory[AROUND + size + (size_t)i], DIRT);
    }
    free(memory);
    return count;
}

TEST(brims, "maps of any size stay within it, and are readable when full")
{
    find_smallest();
    int most = 0;
    for (size_t more = 0; more < 2400; more++) {
        int count = check_brim(buffer_size + more);
        CHECK(count >= most - 1);
        most = count > most ? count : most;
    }
    CHECK(most >= 10);
}

TEST(too_small, "a map in less than the smallest buffer dies, and says so")
{
    find_smallest();
    CHECK(buffer_size > 0);
    buffer_size--;
    CHECK_DIES(map_in_memory, "a shared map does not fit in ");
    CHECK_DIES(map_of_its_own, "a shared map does not fit in ");
    buffer_size = 0;
    CHECK_DIES(map_in_memory, "a shared map does not fit in 0 bytes");
    buffer_size = SIZE_MAX / 8 * 7;
    CHECK_DIES(map_of_its_own, "no address space for a shared map of ");
}

// Growing

TEST(growth, "a map that grows to 100,000 keys keeps their order")
{
    enum { KEYS = 100 * 1000 };
    SharedMap *map = shared_map_new_sized(64 << 20);
    char key[20];
    for (int i = 0; i < KEYS; i++)
        CHECK(shared_map_set_text(map, key_number(key, i), key));
    check_filled(map, KEYS);
    shared_map_free(&map);
}

TEST(filled_quickly, "a large map is filled to the brim in no time")
{
    SharedMap *map = shared_map_new_sized(32 << 20);
    CHECK(fill(map) > 100 * 1000);
    shared_map_free(&map);
}

TEST(many_maps, "a thousand maps can be made, and freed, one by one")
{
    int next_file = dup(0);
    for (int i = 0; i < 1000; i++) {
        SharedMap *map = shared_map_new();
        CHECK(shared_map_set_int(map, "key", i));
        shared_map_free(&map);
    }
    CHECK_INT(dup(0), next_file + 1);  // they keep none open
}

static long peak_memory(void)
{
    struct rusage usage;
    CHECK(getrusage(RUSAGE_SELF, &usage) == 0);
    return usage.ru_maxrss;
}

// A hundred maps that were touched would take 6.4 GB, or 1.6 GB.
TEST(reserved, "a map that is not used takes address space, but no memory")
{
    SharedMap *maps[100];
    long before = peak_memory();
    for (size_t i = 0; i < COUNT(maps); i++) {
        maps[i] = shared_map_new();
        CHECK(shared_map_set_int(maps[i], "key", (long long)i));
    }
    CHECK(peak_memory() < 20 * before);
    for (size_t i = 0; i < COUNT(maps); i++)
        shared_map_free(&maps[i]);
}
