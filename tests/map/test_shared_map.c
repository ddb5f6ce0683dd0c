// What shared_map.h promises to one thread: values of every type, and keys of
// every kind. Order, deleting and entries are in test_shared_map_entries.c.

#include "shared_map.h"

#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "map/map_table.h"
#include "map/siphash.h"
#include "map_checks.h"
#include "test.h"

// Values

TEST(ints, "integers come out as they went in, the extremes too")
{
    static const long long ints[] = {
        0, 1, -1, INT32_MAX, 1LL << 53 | 1, LLONG_MAX, LLONG_MIN
    };
    SharedMap *map = shared_map_new();
    for (size_t i = 0; i < COUNT(ints); i++) {
        CHECK(shared_map_set_int(map, "key", ints[i]));
        CHECK_INT(int_at(map, "key"), ints[i]);
        check_value(map, "key", value_int(ints[i]));
    }
    shared_map_free(&map);
}

static double real_of(uint64_t bits)
{
    double real;
    memcpy(&real, &bits, sizeof real);
    return real;
}

TEST(reals, "reals come out bit for bit: NaN, -0 and denormals too")
{
    const double reals[] = { 0.0,
                             -0.0,
                             0.1 + 0.2,
                             DBL_MAX,
                             DBL_MIN,
                             5e-324,
                             -1e21,
                             INFINITY,
                             -INFINITY,
                             NAN,
                             real_of(UINT64_C(0xfff8000000abcdef)) };
    SharedMap *map = shared_map_new();
    for (size_t i = 0; i < COUNT(reals); i++) {
        double real = 1;
        CHECK(shared_map_set_real(map, "key", reals[i]));
        CHECK(shared_map_get_real(map, "key", &real));
        CHECK(memcmp(&real, &reals[i], sizeof real) == 0);
        check_value(map, "key", value_real(reals[i]));
    }
    shared_map_free(&map);
}

TEST(bools_and_null, "true, false and null come out as they went in")
{
    SharedMap *map = shared_map_new();
    bool no = true, yes = false;
    CHECK(shared_map_set_bool(map, "no", false));
    CHECK(shared_map_set_bool(map, "yes", true));
    CHECK(shared_map_set_null(map, "nothing"));
    CHECK(shared_map_get_bool(map, "no", &no) && !no);
    CHECK(shared_map_get_bool(map, "yes", &yes) && yes);
    check_value(map, "nothing", value_null());
    CHECK(shared_map_has(map, "nothing"));
    shared_map_free(&map);
}

TEST(texts, "texts come out as they went in: empty, with NULs, UTF-8")
{
    const Value texts[] = { value_text(""),
                            value_text("John"),
                            value_text("\u054b\u0578\u0576"),
                            { .type = VALUE_TEXT, .text = "a\0b", .size = 3 },
                            { .type = VALUE_TEXT, .text = "\0", .size = 1 },
                            { .type = VALUE_TEXT, .text = "cut", .size = 2 } };
    SharedMap *map = shared_map_new();
    for (size_t i = 0; i < COUNT(texts); i++) {
        CHECK(shared_map_set(map, "key", texts[i]));
        CHECK_INT(shared_map_type(map, "key"), VALUE_TEXT);
        check_value(map, "key", texts[i]);
    }
    shared_map_free(&map);
}

TEST(bytes, "bytes come out as they went in: none, every byte, a megabyte")
{
    size_t sizes[] = { 0, 1, 7, 256, 1000 * 1000 };
    SharedMap *map = shared_map_new();
    for (size_t i = 0; i < COUNT(sizes); i++) {
        unsigned char *bytes = sizes[i] ? must_malloc(sizes[i]) : NULL;
        for (size_t at = 0; at < sizes[i]; at++)
            bytes[at] = (unsigned char)(at + at / 256);
        CHECK(shared_map_set_bytes(map, "key", bytes, sizes[i]));
        CHECK_INT(shared_map_type(map, "key"), VALUE_BYTES);
        check_value(map, "key", value_bytes(bytes, sizes[i]));
        free(bytes);
    }
    shared_map_free(&map);
}

// Every getter finds a value of its own type, and leaves ours for any other.
static void check_getters(SharedMap *map, const char *key, ValueType type)
{
    long long integer = 7;
    double real = 7;
    bool boolean = true;
    char text[] = "old";
    CHECK_INT(shared_map_type(map, key), type);
    CHECK_INT(shared_map_get_int(map, key, &integer), type == VALUE_INT);
    CHECK_INT(shared_map_get_real(map, key, &real), type == VALUE_REAL);
    CHECK_INT(shared_map_get_bool(map, key, &boolean), type == VALUE_BOOL);
    CHECK_INT(shared_map_get_text(map, key, text, 4), type == VALUE_TEXT);
    CHECK_INT(integer, type == VALUE_INT ? 1 : 7);
    CHECK(real == (type == VALUE_REAL ? 1 : 7));
    CHECK_INT(boolean, type != VALUE_BOOL);
    CHECK_TEXT(text, type == VALUE_TEXT ? "new" : "old");
}

TEST(getters, "a getter of another type returns false and leaves the value")
{
    SharedMap *map = shared_map_new();
    const Value values[] = { value_int(1),      value_real(1),
                             value_bool(false), value_null(),
                             value_text("new"), value_bytes("new", 3) };
    for (size_t i = 0; i < COUNT(values); i++) {
        CHECK(shared_map_set(map, "key", values[i]));
        check_getters(map, "key", values[i].type);
    }
    check_getters(map, "missing", VALUE_NONE);
    Value value = value_int(7);
    CHECK(!shared_map_get(map, "missing", &value));
    CHECK(value_equal(value, value_int(7)));
    shared_map_free(&map);
}

TEST(text_room, "get_text wants room for the text and its NUL, and no more")
{
    SharedMap *map = shared_map_new();
    char buffer[] = "------";
    shared_map_set_text(map, "abc", "abc");
    shared_map_set_text(map, "empty", "");
    CHECK(!shared_map_get_text(map, "abc", buffer, 3));
    CHECK(!shared_map_get_text(map, "empty", buffer, 0));
    CHECK_TEXT(buffer, "------");
    CHECK(shared_map_get_text(map, "abc", buffer, 4));
    CHECK(memcmp(buffer, "abc\0--", 7) == 0);
    CHECK(shared_map_get_text(map, "empty", buffer, 1));
    CHECK(memcmp(buffer, "\0bc\0--", 7) == 0);
    shared_map_free(&map);
}

TEST(copies, "the map keeps a copy, and hands out copies")
{
    SharedMap *map = shared_map_new();
    char key[] = "key", text[] = "first";
    Value value;
    CHECK(shared_map_set_text(map, key, text));
    strcpy(key, "yek");
    strcpy(text, "-----");
    CHECK(shared_map_get(map, "key", &value));
    CHECK(shared_map_set_text(map, "key", "other"));
    shared_map_clear(map);
    CHECK_TEXT(value.text, "first");
    value_free(&value);
    shared_map_free(&map);
}

static void set_none(void)
{
    shared_map_set(shared_map_new(), "key", value_none());
}

static void set_error(void)
{
    shared_map_set(shared_map_new(), "key",
                   (Value){ .type = VALUE_ERROR, .text = "no", .size = 2 });
}

TEST(unstorable, "to set what is no value, or an error, dies")
{
    CHECK_DIES(set_none, "shared_map_set: a value of this type cannot be");
    CHECK_DIES(set_error, "shared_map_set: a value of this type cannot be");
}

// Keys

TEST(own_keys, "only keys that were set are there, whatever their names")
{
    static const char *const keys[] = { "__proto__", "toString", "size",
                                        "constructor", "" };
    SharedMap *map = shared_map_new();
    for (size_t i = 0; i < COUNT(keys); i++) {
        CHECK(!shared_map_has(map, keys[i]));
        CHECK(!shared_map_delete(map, keys[i]));
        CHECK_INT(shared_map_type(map, keys[i]), VALUE_NONE);
        CHECK(shared_map_set_int(map, keys[i], 5));
        CHECK_INT(int_at(map, keys[i]), 5);
    }
    CHECK_INT(shared_map_size(map), COUNT(keys));
    shared_map_free(&map);
}

TEST(keys_with_nul, "keys may contain NUL bytes, and differ only behind one")
{
    static const char *const keys[] = { "k\0a", "k\0b", "k\0\0", "\0\0\0" };
    SharedMap *map = shared_map_new();
    shared_map_set_int(map, "k", 9);
    for (int i = 0; i < 4; i++)
        CHECK(shared_map_set_n(map, keys[i], 3, value_int(i)));
    CHECK_INT(shared_map_size(map), 5);
    for (int i = 0; i < 4; i++) {
        Value value;
        CHECK(shared_map_get_n(map, keys[i], 3, &value));
        CHECK(value_equal(value, value_int(i)));
        CHECK(shared_map_delete_n(map, keys[i], 3));
        CHECK(!shared_map_has_n(map, keys[i], 3));
    }
    CHECK(!shared_map_has_n(map, "k\0", 2));
    CHECK_INT(int_at(map, "k"), 9);
    shared_map_free(&map);
}

TEST(long_keys, "keys of 100 KB that differ in the last byte are two keys")
{
    enum { SIZE = 100 * 1000 };
    char *key = must_malloc(SIZE + 1);
    memset(key, 'k', SIZE);
    key[SIZE] = '\0';
    SharedMap *map = shared_map_new();
    CHECK(shared_map_set_int(map, key, 1));
    key[SIZE - 1] = 'l';
    CHECK(!shared_map_has(map, key));
    CHECK(shared_map_set_int(map, key, 2));
    CHECK_INT(int_at(map, key), 2);
    key[SIZE - 1] = 'k';
    CHECK_INT(int_at(map, key), 1);
    shared_map_free(&map);
    free(key);
}

TEST(utf8, "sizes count bytes, not characters, in keys and in texts")
{
    enum { TIMES = 3000 };
    char text[2 * TIMES + 1] = "";
    for (int i = 0; i < TIMES; i++)
        memcpy(text + 2 * i, "\u054b", 3);
    SharedMap *map = shared_map_new();
    CHECK(shared_map_set_text(map, text, text));
    check_value(map, text, value_text(text));
    MapEntries *entries = shared_map_entries(map);
    CHECK_INT(entries->at[0].key_size, 2 * TIMES);
    CHECK_INT(entries->at[0].value.size, 2 * TIMES);
    free(entries);
    shared_map_free(&map);
}

// Keys of which a weak hash makes the same: every mix of Aa and BB.
static const char *similar_key(char key[25], int number)
{
    for (int i = 0; i < 12; i++)
        memcpy(key + 2 * i, number >> i & 1 ? "Aa" : "BB", 3);
    return key;
}

TEST(similar_keys, "thousands of keys that look alike are all told apart")
{
    enum { KEYS = 4096 };
    char key[25];
    SharedMap *map = shared_map_new();
    for (int i = 0; i < KEYS; i++)
        CHECK(shared_map_set_int(map, similar_key(key, i), i));
    for (int i = 0; i < KEYS; i += 2)
        CHECK(shared_map_delete(map, similar_key(key, i)));
    CHECK_INT(shared_map_size(map), KEYS / 2);
    for (int i = 0; i < KEYS; i++)
        CHECK_INT(shared_map_has(map, similar_key(key, i)), i % 2);
    for (int i = 1; i < KEYS; i += 2)
        CHECK_INT(int_at(map, similar_key(key, i)), i);
    shared_map_free(&map);
}

// Such keys are hard to find, as every map has a hash of its own: here it is
// made up, for a table that does not know. They differ in size alone, in the
// last byte, or in one in their midst; the last ones are too long to lie in
// their entries.
static const struct {
    const char *bytes;
    size_t size;
} colliding[] = {
    { "a", 1 },
    { "ab", 2 },
    { "", 0 },
    { "a\0", 2 },
    { "a\0b", 3 },
    { "a\0c", 3 },
    { "12345678", 8 },
    { "12345678abcdefgh", 16 },
    { "12345678abcdefgi", 16 },
    { "12345678abcdefgh-", 17 },
    { "12345678abcdefgh+", 17 },
    { "12345678abcdefgh-12345678", 25 },
    { "12345678abcdeFgh-12345678", 25 },
};

enum { COLLIDING = COUNT(colliding), HASH = 7 };

static Key colliding_key(size_t i, uint64_t hash)
{
    static const Secret secret;
    Key key;
    key_init(&key, &secret, colliding[i].bytes, colliding[i].size);
    key.fingerprint =
        fingerprint_of(hash << HASH_SHIFT, fingerprint_size(key.fingerprint));
    return key;
}

static Found find(const Table *table, size_t i, uint64_t hash)
{
    Found found;
    Key key = colliding_key(i, hash);
    table_find(table, &key, &found);
    return found;
}

TEST(colliding_keys, "keys with the same hash are told apart")
{
    enum { SIZE = 8192, DELETED = 1 };
    Table *table = must_calloc(1, SIZE);
    table_init(table, SIZE);
    CHECK(table_start(table, 0, &(Need){ COLLIDING, 1000, false }, 0));
    for (size_t i = 0; i < COLLIDING; i++) {
        Key key = colliding_key(i, HASH);
        Found found = find(table, i, HASH);
        CHECK(found.entry == NULL);
        table_append(table, &key, value_int((long long)i));
    }
    Found deleted = find(table, DELETED, HASH);
    CHECK(table_change(table, &deleted, value_none()));
    for (size_t i = 0; i < COLLIDING; i++) {
        Found found = find(table, i, HASH);
        CHECK((found.entry == NULL) == (i == DELETED));
        CHECK(!found.entry ||
              table_value(table, found.word).integer == (long long)i);
        CHECK(find(table, i, HASH + 1).entry == NULL);
    }
    free(table);
}

// From CPython, whose hash() of bytes is the same function: with a key of all
// zeros when PYTHONHASHSEED is 0. The last one is the authors' own.
TEST(hash, "the hash is SipHash-1-3")
{
    static const uint64_t zeros[2] = { 0, 0 };
    static const uint64_t key[2] = { UINT64_C(0x0706050403020100),
                                     UINT64_C(0x0f0e0d0c0b0a0908) };
    unsigned char bytes[16];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)i;
    CHECK(siphash(zeros, bytes, 1) == UINT64_C(0x68a914128e01e473));
    CHECK(siphash(zeros, bytes, 7) == UINT64_C(0x2f098ab0c751325a));
    CHECK(siphash(zeros, bytes, 8) == UINT64_C(0xead411e67ebe2eea));
    CHECK(siphash(zeros, bytes, 15) == UINT64_C(0xf30eb725bb91c9ea));
    CHECK(siphash(zeros, bytes, 16) == UINT64_C(0x8972188433a5c5b7));
    CHECK(siphash(key, NULL, 0) == UINT64_C(0xabac0158050fc4dc));
}

TEST(own_hash, "every map has a hash of its own, so that its order is secret")
{
    enum { SIZE = 4096 };
    char *buffers[2];
    for (int i = 0; i < 2; i++) {
        buffers[i] = must_calloc(1, SIZE);
        CHECK(shared_map_set_null(shared_map_new_in(buffers[i], SIZE), "key"));
    }
    CHECK(memcmp(buffers[0], buffers[1], SIZE) != 0);
    for (int i = 0; i < 2; i++) {
        shared_map_free(&(SharedMap *){ shared_map_attach(buffers[i]) });
        free(buffers[i]);
    }
}
