// The promises of shared_map.h, where the inside of a map goes another way:
// keys that are just too long to lie beside their values, numbers that just do
// not fit there, texts that are written very often, and the last bytes of a
// map.

#include "shared_map.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "map_checks.h"
#include "os/os.h"
#include "test.h"

// Numbers

static const long long integers[] = { 0,
                                      -1,
                                      (1LL << 47) - 1,
                                      1LL << 47,
                                      (1LL << 47) + 1,
                                      -(1LL << 47) + 1,
                                      -(1LL << 47),
                                      -(1LL << 47) - 1,
                                      1LL << 48,
                                      -(1LL << 48),
                                      1LL << 62,
                                      LLONG_MAX,
                                      LLONG_MIN };

// Bits of reals: the least and the greatest of each kind, and what lies where a
// NaN no longer fits.
static const uint64_t reals[] = {
    0x0000000000000000, 0x0000000000000001, 0x3ff0000000000000,
    0x7fefffffffffffff, 0x7ff0000000000000, 0x7ff0000000000001,
    0x7ff8000000000000, 0x7fffffffffffffff, 0x8000000000000000,
    0x8000000000000001, 0xffefffffffffffff, 0xfff0000000000000,
    0xfff0000000000001, 0xfff8000000000000, 0xfff8ffffffffffff,
    0xfff9000000000000, 0xfff9000000000001, 0xffffffffffffffff
};

enum { NUMBERS = COUNT(integers) + COUNT(reals) };

static Value number_at(size_t i)
{
    if (i < COUNT(integers))
        return value_int(integers[i]);
    Value value = { .type = VALUE_REAL };
    // No double in between: x87 changes signalling NaNs.
    memcpy(&value.integer, &reals[i - COUNT(integers)], sizeof(double));
    return value;
}

TEST(numbers, "each number comes out as it went in, whatever was there before")
{
    SharedMap *map = shared_map_new_sized(8192);
    for (size_t i = 0; i < NUMBERS; i++)
        for (size_t j = 0; j < NUMBERS; j++) {
            CHECK(shared_map_set(map, "key", number_at(i)));
            CHECK(shared_map_set(map, "key", number_at(j)));
            check_value(map, "key", number_at(j));
            CHECK_INT(shared_map_type(map, "key"), number_at(j).type);
        }
    shared_map_free(&map);
}

TEST(bits_of_reals, "get_real gives all bits of a real, of signalling NaNs too")
{
    SharedMap *map = shared_map_new_sized(8192);
    for (size_t i = COUNT(integers); i < NUMBERS; i++) {
        Value sent = number_at(i);
        double got[1] = { 1 };
        CHECK(shared_map_set(map, "key", sent));
        CHECK(shared_map_get_real(map, "key", got));
        CHECK(memcmp(got, &sent.integer, sizeof got) == 0);
    }
    shared_map_free(&map);
}

TEST(numbers_swapped, "compare_and_set tells all numbers apart")
{
    SharedMap *map = shared_map_new_sized(8192);
    for (size_t i = 0; i < NUMBERS; i++)
        for (size_t j = 0; j < NUMBERS; j++) {
            CHECK(shared_map_set(map, "key", number_at(i)));
            MapResult result =
                shared_map_compare_and_set(map, "key", number_at(j),
                                           value_int(1LL << 50));
            CHECK_INT(result, i == j ? SHARED_MAP_OK : SHARED_MAP_DIFFERS);
            check_value(map, "key",
                        i == j ? value_int(1LL << 50) : number_at(i));
            CHECK(shared_map_set(map, "key", number_at(i)));
            result = shared_map_compare_and_set(map, "key", number_at(j),
                                                value_null());
            CHECK_INT(result, i == j ? SHARED_MAP_OK : SHARED_MAP_DIFFERS);
            check_value(map, "key", i == j ? value_null() : number_at(i));
        }
    shared_map_free(&map);
}

TEST(sums, "add goes on where integers get longer, in both directions")
{
    SharedMap *map = shared_map_new_sized(8192);
    for (size_t i = 0; i < COUNT(integers); i++) {
        long long start = integers[i] / 2 * 2, sum = start;
        CHECK(shared_map_set_int(map, "key", start));
        for (int step = 0; step < 5 && sum < LLONG_MAX - 1; step++) {
            CHECK_INT(shared_map_add(map, "key", 1, &sum), SHARED_MAP_OK);
            CHECK_INT(sum, start + step + 1);
            CHECK_INT(int_at(map, "key"), sum);
        }
        for (int step = 0; step < 9 && sum > LLONG_MIN; step++)
            CHECK_INT(shared_map_add(map, "key", -1, &sum), SHARED_MAP_OK);
        CHECK_INT(int_at(map, "key"), sum);
    }
    shared_map_free(&map);
}

// Keys

// A key of `size` bytes, with NULs in it.
static void make_key(char *key, size_t size, int other)
{
    for (size_t i = 0; i < size; i++)
        key[i] = (char)(i % 5 == 4 ? 0 : 'a' + i % 26);
    if (size > 0)
        key[size - 1] = (char)other;
}

TEST(key_sizes, "keys of any size are told apart by size and by each byte")
{
    enum { MOST = 50, LONG = 1000 };
    char key[LONG];
    SharedMap *map = shared_map_new();
    for (size_t size = 0; size <= LONG; size += size < MOST ? 1 : LONG - MOST)
        for (int other = 0; other < 3; other++) {
            make_key(key, size, other);
            Value value = value_int((long long)size * 3 + other);
            CHECK_INT(shared_map_has_n(map, key, size), size == 0 && other > 0);
            CHECK(shared_map_set_n(map, key, size, value));
        }
    CHECK_INT(shared_map_size(map), 3 * (MOST + 1) + 1);
    for (size_t size = 1; size <= MOST; size++)
        for (int other = 0; other < 3; other++) {
            Value value;
            make_key(key, size, other);
            CHECK(shared_map_get_n(map, key, size, &value));
            CHECK_INT(value.integer, (long long)size * 3 + other);
            key[size / 2] ^= 0x40;
            CHECK(!shared_map_has_n(map, key, size));
        }
    shared_map_free(&map);
}

TEST(key_entries, "entries have keys of any size as they were, after moves too")
{
    enum { MOST = 50 };
    char key[MOST];
    SharedMap *map = shared_map_new_sized(64 * 1024);
    for (size_t size = 0; size <= MOST; size++) {
        make_key(key, size, 'x');
        CHECK(shared_map_set_n(map, key, size, value_int((long long)size)));
    }
    for (int i = 0; i < 1000; i++) {
        CHECK(shared_map_set_text(map, "comes and goes", "some text"));
        CHECK(shared_map_delete(map, "comes and goes"));
    }
    MapEntries *entries = shared_map_entries(map);
    CHECK_INT(entries->count, MOST + 1);
    for (size_t size = 0; size <= MOST; size++) {
        make_key(key, size, 'x');
        CHECK_INT(entries->at[size].key_size, size);
        CHECK(memcmp(entries->at[size].key, key, size) == 0);
        CHECK_INT(entries->at[size].key[size], '\0');
        CHECK_INT(entries->at[size].value.integer, size);
    }
    free(entries);
    shared_map_free(&map);
}

TEST(key_at_the_end, "of a key no byte is read that is not its own")
{
    enum { MOST = 50 };
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *memory = memory_reserve(3 * page), *from = memory + page;
    char *end = from + page;
    SharedMap *map = shared_map_new();
    CHECK(mprotect(memory, page, PROT_NONE) == 0);
    CHECK(mprotect(end, page, PROT_NONE) == 0);
    memset(from, 'k', page);
    for (size_t size = 0; size <= MOST; size++) {
        CHECK(shared_map_set_n(map, end - size, size, value_int(1)));
        CHECK(shared_map_has_n(map, from, size));
    }
    CHECK_INT(shared_map_size(map), MOST + 1);
    shared_map_free(&map);
    memory_release(memory, 3 * page);
}

// Texts

TEST(written_often, "a text may be written more often than turns are counted")
{
    SharedMap *map = shared_map_new();
    char text[20], found[20];
    for (int i = 0; i < 600 * 1000; i++) {
        snprintf(text, sizeof text, "text %d", i);
        CHECK(shared_map_set_text(map, "key", text));
        if (i % 1000 > 0)
            continue;
        CHECK(shared_map_get_text(map, "key", found, sizeof found));
        CHECK_TEXT(found, text);
    }
    shared_map_free(&map);
}

// The last bytes

static int fill(SharedMap *map, const char *prefix)
{
    char key[60];
    int count = 0;
    do
        snprintf(key, sizeof key, "%s%d", prefix, count++);
    while (shared_map_set_int(map, key, 0));
    return count - 1;
}

// Sets all keys to longer integers, and again, in another order.
static void set_longer(SharedMap *map, const char *prefix, int count)
{
    char key[60];
    for (long long round = 0; round < 4; round++)
        for (int i = 0; i < count; i++) {
            int number = round % 2 ? count - 1 - i : i;
            snprintf(key, sizeof key, "%s%d", prefix, number);
            CHECK(shared_map_set_int(map, key, LLONG_MAX - round * i));
            CHECK_INT(int_at(map, key), LLONG_MAX - round * i);
            CHECK_INT(shared_map_add(map, key, -1, NULL), SHARED_MAP_OK);
        }
}

static void check_full(size_t size, const char *prefix)
{
    SharedMap *map = shared_map_new_sized(size);
    int count = fill(map, prefix);
    CHECK(count > 0);
    set_longer(map, prefix, count);
    CHECK_INT(shared_map_size(map), count);
    CHECK(!shared_map_set_int(map, "new", 1));
    MapEntries *entries = shared_map_entries(map);
    CHECK_INT(entries->count, count);
    free(entries);
    shared_map_clear(map);
    CHECK(fill(map, prefix) >= count);
    shared_map_free(&map);
}

TEST(full_of_numbers, "a full map takes any number where something is")
{
    for (size_t size = 2000; size < 6000; size += 56)
        check_full(size, "key ");
    check_full(3333, "a key that does not lie beside its value: ");
    check_full(30 * 1000, "key ");
}
