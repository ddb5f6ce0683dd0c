// The promises of shared_map.h to one thread: the order of the keys, deleting,
// entries and for_each. How much a map holds is in test_shared_map_room.c.

#include "shared_map.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kit.h"
#include "map_checks.h"
#include "test.h"

static void check_keys(SharedMap *map, const char *expected)
{
    char keys[200] = "";
    MapEntries *entries = shared_map_entries(map);
    CHECK_INT(shared_map_size(map), entries->count);
    for (size_t i = 0; i < entries->count; i++) {
        strcat(keys, i > 0 ? " " : "");
        strcat(keys, entries->at[i].key);
    }
    free(entries);
    CHECK_TEXT(keys, expected);
}

static SharedMap *map_of(const char *const *keys, size_t count)
{
    SharedMap *map = shared_map_new();
    for (size_t i = 0; i < count; i++)
        CHECK(shared_map_set_int(map, keys[i], (long long)i));
    return map;
}

static SharedMap *map_abc(void)
{
    return map_of((const char *[]){ "a", "b", "c" }, 3);
}

// Order

TEST(order, "keys keep the order in which they were set, numbers too")
{
    static const char *const keys[] = { "b",   "10", "a",          "2",
                                        "-1",  "01", "4294967294", "4294967295",
                                        "1.5", "b" };
    SharedMap *map = map_of(keys, COUNT(keys));
    check_keys(map, "b 10 a 2 -1 01 4294967294 4294967295 1.5");
    CHECK_INT(int_at(map, "b"), 9);
    shared_map_free(&map);
}

TEST(overwrite_keeps_place, "an overwritten key keeps its place")
{
    SharedMap *map = map_abc();
    char text[1000];
    memset(text, 't', sizeof text);
    for (size_t i = 0; i < sizeof text; i++) {
        CHECK(shared_map_set_bytes(map, "a", text, i));
        CHECK(shared_map_set_int(map, "b", (long long)i));
    }
    check_keys(map, "a b c");
    check_value(map, "a", value_bytes(text, sizeof text - 1));
    CHECK_INT(int_at(map, "b"), sizeof text - 1);
    CHECK_INT(int_at(map, "c"), 2);
    shared_map_free(&map);
}

TEST(set_again_goes_last, "a key that is deleted and set again goes last")
{
    SharedMap *map = map_abc();
    for (int i = 0; i < 100; i++) {
        for (const char *const *key = (const char *[]){ "b", "a", "c", NULL };
             *key; key++) {
            CHECK(shared_map_delete(map, *key));
            CHECK(shared_map_set_int(map, *key, i));
        }
        check_keys(map, "b a c");
    }
    shared_map_free(&map);
}

// Deleting

TEST(missing, "what is missing has no value and no type, and is not deleted")
{
    SharedMap *map = map_abc();
    CHECK(shared_map_delete(map, "b"));
    CHECK(!shared_map_delete(map, "b"));
    CHECK(!shared_map_has(map, "b"));
    CHECK(!shared_map_has(map, "ab"));
    CHECK_INT(shared_map_type(map, "b"), VALUE_NONE);
    CHECK(shared_map_set_null(map, "a"));
    CHECK(shared_map_delete(map, "a"));
    CHECK(!shared_map_delete(map, "a"));
    check_keys(map, "c");
    shared_map_free(&map);
}

TEST(clear, "a cleared map is empty, and as good as new")
{
    SharedMap *map = shared_map_new_sized(64 * 1024);
    char text[10 * 1000] = "";
    shared_map_clear(map);
    for (int i = 0; i < 100; i++) {
        memset(text, 'a' + i % 26, sizeof text - 1);
        CHECK(shared_map_set_text(map, "text", text));
        CHECK(shared_map_set_int(map, "int", i));
        check_value(map, "text", value_text(text));
        check_keys(map, "text int");
        shared_map_clear(map);
        CHECK(!shared_map_has(map, "text"));
        check_keys(map, "");
    }
    shared_map_free(&map);
}

TEST(two_maps, "two maps do not mix")
{
    SharedMap *one = map_abc(), *other = shared_map_new();
    CHECK(shared_map_set_int(other, "a", 10));
    shared_map_delete(one, "b");
    check_keys(one, "a c");
    check_keys(other, "a");
    shared_map_clear(one);
    shared_map_free(&one);
    CHECK_INT(int_at(other, "a"), 10);
    shared_map_free(&other);
}

// Any calls

// A value that follows from its number: of any type, and not very large.
static Value value_number(unsigned number, char buffer[300])
{
    size_t size = number % 300;
    memset(buffer, (int)('a' + number % 26), size);
    switch (number % 5) {
    case 0:
        return value_int(number);
    case 1:
        return value_real(number);
    case 2:
        return value_bytes(buffer, size);
    default:
        return (Value){ .type = VALUE_TEXT, .text = buffer, .size = size };
    }
}

TEST(overwriting_types, "values of all types and sizes take turns in one key")
{
    SharedMap *map = shared_map_new_sized(4096);
    char buffer[300];
    shared_map_set_text(map, "other", "stays");
    for (int i = 0; i < 20 * 1000; i++) {
        Value value = value_number(my_random_below(3000), buffer);
        CHECK(shared_map_set(map, "key", value));
        check_value(map, "key", value);
    }
    check_value(map, "other", value_text("stays"));
    shared_map_free(&map);
}

// A map as simple as can be: what was set, in order.
typedef struct Model {
    struct {
        unsigned key, value;
    } at[20];
    unsigned count;
    int refused;  // calls, by a full map
} Model;

static unsigned model_find(const Model *model, unsigned key)
{
    unsigned i = 0;
    while (i < model->count && model->at[i].key != key)
        i++;
    return i;
}

static void model_set(Model *model, unsigned key, unsigned value)
{
    unsigned i = model_find(model, key);
    model->count += i == model->count;
    model->at[i].key = key;
    model->at[i].value = value;
}

static void model_delete(Model *model, unsigned i)
{
    memmove(&model->at[i], &model->at[i + 1],
            (model->count - i - 1) * sizeof model->at[0]);
    model->count--;
}

static void check_model(SharedMap *map, const Model *model)
{
    char buffer[300], key[10];
    MapEntries *entries = shared_map_entries(map);
    CHECK_INT(entries->count, model->count);
    for (unsigned i = 0; i < model->count; i++) {
        Value value = value_number(model->at[i].value, buffer);
        snprintf(key, sizeof key, "%u", model->at[i].key);
        CHECK_TEXT(entries->at[i].key, key);
        CHECK(value_equal(entries->at[i].value, value));
        check_value(map, key, value);
    }
    free(entries);
}

static void change_both(SharedMap *map, Model *model)
{
    char buffer[300], name[10];
    unsigned key = my_random_below(COUNT(model->at)),
             value = my_random_below(30000);
    unsigned place = model_find(model, key);
    snprintf(name, sizeof name, "%u", key);
    if (my_random_below(100) == 0) {
        shared_map_clear(map);
        model->count = 0;
    } else if (my_random_below(3) == 0) {
        CHECK_INT(shared_map_delete(map, name), place < model->count);
        if (place < model->count)
            model_delete(model, place);
    } else if (shared_map_set(map, name, value_number(value, buffer))) {
        model_set(model, key, value);
    } else {
        model->refused++;
    }
}

static int refused_in(size_t buffer_bytes)
{
    Model model = { .count = 0 };
    SharedMap *map = shared_map_new_sized(buffer_bytes);
    for (int i = 0; i < 10 * 1000; i++) {
        change_both(map, &model);
        check_model(map, &model);
    }
    shared_map_free(&map);
    return model.refused;
}

TEST(random_calls, "random calls make of a map what they make of a list")
{
    CHECK_INT(refused_in(20 * 1024), 0);
    CHECK(refused_in(5 * 1024) > 100);
}

// Entries

TEST(entries, "entries are keys and values with NULs behind, to be kept")
{
    SharedMap *map = shared_map_new();
    shared_map_set_text(map, "text", "a text");
    shared_map_set_n(map, "\0k", 2, value_bytes("by", 2));
    shared_map_set_real(map, "", -0.5);
    MapEntries *entries = shared_map_entries(map);
    shared_map_clear(map);
    shared_map_free(&map);
    CHECK_INT(entries->count, 3);
    const MapEntry *entry = entries->at;
    CHECK_TEXT(entry[0].key, "text");
    CHECK_TEXT(entry[0].value.text, "a text");
    CHECK(entry[1].key_size == 2 && memcmp(entry[1].key, "\0k", 3) == 0);
    CHECK(value_equal(entry[1].value, value_bytes("by", 2)));
    CHECK(entry[2].key_size == 0 && entry[2].key[0] == '\0');
    CHECK(value_equal(entry[2].value, value_real(-0.5)));
    free(entries);
}

TEST(no_entries, "an empty map has no entries, and none to visit")
{
    SharedMap *map = map_abc();
    shared_map_clear(map);
    MapEntries *entries = shared_map_entries(map);
    CHECK_INT(entries->count, 0);
    free(entries);
    shared_map_for_each(map, NULL, NULL);
    shared_map_free(&map);
}

TEST(set_from_entries, "what entries point to may be set again, anywhere")
{
    SharedMap *map = shared_map_new_sized(4096);
    shared_map_set_text(map, "key", "text");
    for (int i = 0; i < 1000; i++) {
        MapEntries *entries = shared_map_entries(map);
        CHECK(shared_map_set(map, "key", entries->at[0].value));
        CHECK(shared_map_set(map, entries->at[0].key, value_text("longer")));
        CHECK(shared_map_set(map, "copy", entries->at[0].value));
        free(entries);
    }
    check_value(map, "key", value_text("longer"));
    check_value(map, "copy", value_text("longer"));
    shared_map_free(&map);
}

typedef struct Walk {
    SharedMap *map;
    char visited[100];
} Walk;

static void note(Walk *walk, const MapEntry *entry)
{
    size_t length = strlen(walk->visited);
    snprintf(walk->visited + length, sizeof walk->visited - length, "%s%lld ",
             entry->key, entry->value.integer);
}

static void change_map(const MapEntry *entry, void *context)
{
    Walk *walk = context;
    note(walk, entry);
    char key[20];
    snprintf(key, sizeof key, "new %s", entry->key);
    CHECK(shared_map_set_int(walk->map, key, 9));
    shared_map_set_int(walk->map, "b", 9);
    shared_map_delete(walk->map, "c");
}

static void clear_map(const MapEntry *entry, void *context)
{
    Walk *walk = context;
    note(walk, entry);
    shared_map_clear(walk->map);
}

TEST(for_each, "for_each visits what was there, whatever becomes of the map")
{
    Walk walk = { .map = map_abc() };
    shared_map_for_each(walk.map, change_map, &walk);
    CHECK_TEXT(walk.visited, "a0 b1 c2 ");
    check_keys(walk.map, "a b new a new b new c");
    walk.visited[0] = '\0';
    shared_map_for_each(walk.map, clear_map, &walk);
    CHECK_TEXT(walk.visited, "a0 b9 new a9 new b9 new c9 ");
    check_keys(walk.map, "");
    shared_map_free(&walk.map);
}

static void visit_inner(const MapEntry *entry, void *context)
{
    note(context, entry);
}

static void visit_all(const MapEntry *entry, void *context)
{
    Walk *walk = context;
    strcat(walk->visited, "(");
    shared_map_for_each(walk->map, visit_inner, walk);
    strcat(walk->visited, ")");
    shared_map_delete(walk->map, entry->key);
}

TEST(nested_for_each, "for_each may be called in for_each")
{
    Walk walk = { .map = map_abc() };
    shared_map_for_each(walk.map, visit_all, &walk);
    CHECK_TEXT(walk.visited, "(a0 b1 c2 )(b1 c2 )(c2 )");
    shared_map_free(&walk.map);
}
