// The output of shared_map_print: the one that Node's console.log prints for an
// object with the same keys and values. The expected texts were printed by Node
// 20.
//
// The tests leave out the cases that Node prints in another way: keys that are
// array indices come first, long texts are broken behind their newlines, and
// more than six bytes stand in columns.

#include "shared_map.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "map_checks.h"
#include "test.h"

// The printed map, a text that the caller frees with free().
static char *printed(SharedMap *map)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    CHECK(file != NULL);
    shared_map_print(map, file);
    CHECK(fclose(file) == 0);
    CHECK_INT(strlen(text), size);
    return text;
}

static void check_printed(SharedMap *map, const char *expected)
{
    char *text = printed(map);
    CHECK_TEXT(text, expected);
    free(text);
}

// A row of a table: some entries, and how Node shows them.
typedef struct Row {
    MapEntry entries[4];  // those that are fewer end with one without a key
    const char *shown;
} Row;

#define ENTRY(name, ...)                                                       \
    {                                                                          \
        name, sizeof(name) - 1,                                                \
        {                                                                      \
            __VA_ARGS__                                                        \
        }                                                                      \
    }
#define NONE(name) ENTRY(name, .type = VALUE_NULL)
#define BOOL(name, is) ENTRY(name, .type = VALUE_BOOL, .boolean = is)
#define INT(name, number) ENTRY(name, .type = VALUE_INT, .integer = number)
#define REAL(name, number) ENTRY(name, .type = VALUE_REAL, .real = number)
#define TEXT(name, is)                                                         \
    ENTRY(name, .type = VALUE_TEXT, .text = is, .size = sizeof(is) - 1)
#define BYTES(name, are)                                                       \
    ENTRY(name, .type = VALUE_BYTES, .bytes = are, .size = sizeof(are) - 1)

static void check_rows(const Row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char expected[200];
        SharedMap *map = shared_map_new_sized(4096);
        const MapEntry *entry = rows[i].entries;
        for (size_t j = 0; j < 4 && entry[j].key; j++)
            CHECK(shared_map_set_n(map, entry[j].key, entry[j].key_size,
                                   entry[j].value));
        snprintf(expected, sizeof expected, "%s\n", rows[i].shown);
        check_printed(map, expected);
        shared_map_free(&map);
    }
}

TEST(empty, "an empty map is two braces")
{
    SharedMap *map = shared_map_new();
    check_printed(map, "{}\n");
    CHECK(shared_map_set_int(map, "key", 1));
    CHECK(shared_map_delete(map, "key"));
    check_printed(map, "{}\n");
    shared_map_free(&map);
}

static const Row keys[] = {
    { { TEXT("owner", "Elon"), INT("usd", 99) }, "{ owner: 'Elon', usd: 99 }" },
    { { INT("usd", 400) }, "{ usd: 400 }" },
    { { INT("__proto__", 5) }, "{ ['__proto__']: 5 }" },
    { { INT("a-b", 1), INT("1a", 2) }, "{ 'a-b': 1, '1a': 2 }" },
    { { INT("", 0), INT("_x", 1), INT("$a", 2) }, "{ '': 0, _x: 1, '$a': 2 }" },
    { { INT("A1", 1), INT("_", 2), INT("__x__", 3), INT("zZ_9", 4) },
      "{ A1: 1, _: 2, __x__: 3, zZ_9: 4 }" },
    { { INT("a b", 1), INT("a.b", 2), INT("a:b", 3) },
      "{ 'a b': 1, 'a.b': 2, 'a:b': 3 }" },
    { { INT("a$", 1), INT("#x", 2), INT("x!", 3) },
      "{ 'a$': 1, '#x': 2, 'x!': 3 }" },
    { { INT("it's", 1), INT("\"", 2), INT("'\"", 3), INT("'\"`", 4) },
      "{ \"it's\": 1, '\"': 2, `'\"`: 3, '\\'\"`': 4 }" },
    { { INT("back\\slash", 1), INT("tab\tkey", 2), INT("line\nkey", 3) },
      "{ 'back\\\\slash': 1, 'tab\\tkey': 2, 'line\\nkey': 3 }" },
    { { INT("-1", 1), INT("01", 2), INT("1.5", 3) },
      "{ '-1': 1, '01': 2, '1.5': 3 }" },
    { { INT("\1", 1), INT("a\0b", 2), INT("\177", 3), INT("\0", 4) },
      "{ '\\x01': 1, 'a\\x00b': 2, '\\x7F': 3, '\\x00': 4 }" },
    { { INT("\u054b\u0578\u0576", 1), INT("\u00e9", 2) },
      "{ '\u054b\u0578\u0576': 1, '\u00e9': 2 }" },
    { { INT("toString", 1), INT("size", 2), INT("constructor", 3) },
      "{ toString: 1, size: 2, constructor: 3 }" },
    { { INT("null", 1), INT("true", 2), INT("NaN", 3) },
      "{ null: 1, true: 2, NaN: 3 }" },
};

TEST(key_quotes, "keys that are no names are quoted and escaped")
{
    check_rows(keys, COUNT(keys));
}

static const Row numbers[] = {
    { { INT("a", 0), INT("b", -1), INT("c", 42) }, "{ a: 0, b: -1, c: 42 }" },
    { { INT("max", 9007199254740991), INT("min", -9007199254740991) },
      "{ max: 9007199254740991, min: -9007199254740991 }" },
    { { REAL("a", -0.0), REAL("b", 0.5), REAL("c", -0.25), REAL("d", 3.0) },
      "{ a: -0, b: 0.5, c: -0.25, d: 3 }" },
    { { REAL("a", NAN), REAL("b", INFINITY), REAL("c", -INFINITY) },
      "{ a: NaN, b: Infinity, c: -Infinity }" },
    { { REAL("a", 0.1 + 0.2), REAL("b", 1.0 / 3) },
      "{ a: 0.30000000000000004, b: 0.3333333333333333 }" },
    { { REAL("a", 1e21), REAL("b", 1e-7), REAL("c", 5e-324) },
      "{ a: 1e+21, b: 1e-7, c: 5e-324 }" },
    { { REAL("a", 123456789012345680000.0), REAL("b", 1e20) },
      "{ a: 123456789012345680000, b: 100000000000000000000 }" },
    { { REAL("a", 0.000001), REAL("b", -1.5e-7), REAL("c", 1e28) },
      "{ a: 0.000001, b: -1.5e-7, c: 1e+28 }" },
    { { REAL("a", 1.7976931348623157e308), REAL("b", 2.2250738585072014e-308) },
      "{ a: 1.7976931348623157e+308, b: 2.2250738585072014e-308 }" },
    { { REAL("a", 12.5), REAL("b", 1234.0625), REAL("c", 0.00123) },
      "{ a: 12.5, b: 1234.0625, c: 0.00123 }" },
    { { BOOL("t", true), BOOL("f", false), NONE("n") },
      "{ t: true, f: false, n: null }" },
};

TEST(numbers_shown, "numbers are as short as they can be, as in JavaScript")
{
    check_rows(numbers, COUNT(numbers));
}

static const Row texts[] = {
    { { TEXT("a", "") }, "{ a: '' }" },
    { { TEXT("a", "x"), TEXT("b", "two words") },
      "{ a: 'x', b: 'two words' }" },
    { { TEXT("a", "it's") }, "{ a: \"it's\" }" },
    { { TEXT("a", "say \"hi\"") }, "{ a: 'say \"hi\"' }" },
    { { TEXT("a", "'both\"") }, "{ a: `'both\"` }" },
    { { TEXT("a", "'all\"`") }, "{ a: '\\'all\"`' }" },
    { { TEXT("a", "`"), TEXT("b", "'\"${x}"), TEXT("c", "'\"$") },
      "{ a: '`', b: '\\'\"${x}', c: `'\"$` }" },
    { { TEXT("a", "back\\slash"), TEXT("b", "\\'") },
      "{ a: 'back\\\\slash', b: \"\\\\'\" }" },
    { { TEXT("a", "line\nbreak"), TEXT("b", "tab\there") },
      "{ a: 'line\\nbreak', b: 'tab\\there' }" },
    { { TEXT("a", "\b\f\r\v\0\33\177") },
      "{ a: '\\b\\f\\r\\x0B\\x00\\x1B\\x7F' }" },
    { { TEXT("a", "\u054b\u0578\u0576"), TEXT("b", "\U0001f600") },
      "{ a: '\u054b\u0578\u0576', b: '\U0001f600' }" },
    { { TEXT("a", "{ b: 1 }"), TEXT("b", "100%s %d") },
      "{ a: '{ b: 1 }', b: '100%s %d' }" },
};

TEST(texts_shown, "texts are quoted and escaped, so that each is on one line")
{
    check_rows(texts, COUNT(texts));
}

static const Row arrays[] = {
    { { BYTES("a", "") }, "{ a: Uint8Array(0) [] }" },
    { { BYTES("a", "\1") }, "{ a: Uint8Array(1) [ 1 ] }" },
    { { BYTES("a", "\0\7\377"), INT("b", 1) },
      "{ a: Uint8Array(3) [ 0, 7, 255 ], b: 1 }" },
    { { BYTES("a", "\1\2\3\4\5\6") },
      "{ a: Uint8Array(6) [ 1, 2, 3, 4, 5, 6 ] }" },
};

TEST(bytes_shown, "bytes are shown as numbers")
{
    check_rows(arrays, COUNT(arrays));
}

// Lines

static char *set_keys(SharedMap *map, char *shown, int count, bool one_line)
{
    for (int i = 0; i < count; i++) {
        char key[] = { (char)('a' + i / 10), (char)('0' + i % 10), '\0' };
        CHECK(shared_map_set_int(map, key, i % 10));
        shown +=
            sprintf(shown, "%s%s: %d", one_line ? ", " : ",\n  ", key, i % 10);
    }
    return shown;
}

// Prints so many keys, the first with a text of so many letters, and checks
// that all is on one line, or on a line each.
static void check_lines(int count, int length, bool one_line)
{
    SharedMap *map = shared_map_new_sized(8192);
    char text[100] = "", expected[400];
    memset(text, 'x', (size_t)length);
    CHECK(shared_map_set_text(map, "text", text));
    char *end = expected + sprintf(expected, "{%stext: '%s'",
                                   one_line ? " " : "\n  ", text);
    end = set_keys(map, end, count - 1, one_line);
    strcpy(end, one_line ? " }\n" : "\n}\n");
    check_printed(map, expected);
    shared_map_free(&map);
}

TEST(lines, "what is too wide for one line goes on a line each")
{
    // Of 1 key, 2 keys and so on: the longest text that Node has on one line.
    static const int longest[] = { 59, 52, 45, 38, 31, 24, 17, 10, 3 };
    for (int i = 0; i < (int)COUNT(longest); i++) {
        check_lines(i + 1, 0, true);
        check_lines(i + 1, longest[i], true);
        check_lines(i + 1, longest[i] + 1, false);
        check_lines(i + 1, 80, false);
    }
    check_lines(10, 0, false);
    check_lines(30, 5, false);
}

TEST(long_text, "a text longer than a line stays on one")
{
    SharedMap *map = shared_map_new();
    char text[3001] = "", expected[3100];
    memset(text, 'x', sizeof text - 1);
    CHECK(shared_map_set_text(map, "key", text));
    CHECK(shared_map_set_text(map, text, "value"));
    char *found = printed(map);
    snprintf(expected, sizeof expected, "{\n  key: '%s',\n  xxx", text);
    CHECK(strncmp(found, expected, strlen(expected)) == 0);
    CHECK_INT(strlen(found),
              2 * 3000 + strlen("{\n  key: '',\n  : 'value'\n}\n"));
    free(found);
    shared_map_free(&map);
}

// The map and the file

TEST(order, "keys are printed in their order, deleted ones are not")
{
    SharedMap *map = shared_map_new();
    for (const char *const *key = (const char *[]){ "z", "a", "m", "b", NULL };
         *key; key++)
        CHECK(shared_map_set_text(map, *key, *key));
    CHECK(shared_map_set_int(map, "a", 1));
    CHECK(shared_map_delete(map, "m"));
    CHECK(shared_map_delete(map, "z"));
    CHECK(shared_map_set_null(map, "z"));
    check_printed(map, "{ a: 1, b: 'b', z: null }\n");
    check_printed(map, "{ a: 1, b: 'b', z: null }\n");
    CHECK_INT(shared_map_size(map), 3);
    shared_map_free(&map);
}

TEST(file, "a map is printed behind what is in the file")
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    SharedMap *map = shared_map_new();
    CHECK(file && fprintf(file, "map: ") > 0);
    shared_map_print(map, file);
    CHECK(shared_map_set_bool(map, "done", true));
    shared_map_print(map, file);
    fclose(file);
    CHECK_TEXT(text, "map: {}\n{ done: true }\n");
    free(text);
    shared_map_free(&map);
}
