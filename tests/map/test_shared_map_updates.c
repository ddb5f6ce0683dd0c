// The promises of shared_map.h about add, compare_and_set and set_if_absent.
// Update is in test_shared_map_changes.c, and many threads are in
// test_shared_map_threads.c.

#include "shared_map.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "map_checks.h"
#include "test.h"

// Adding

TEST(add, "add adds to an integer and says what the sum is")
{
    SharedMap *map = shared_map_new();
    long long sum = 7;
    CHECK_INT(shared_map_add(map, "key", 5, &sum), SHARED_MAP_OK);
    CHECK_INT(sum, 5);
    CHECK_INT(shared_map_add(map, "key", -8, &sum), SHARED_MAP_OK);
    CHECK_INT(sum, -3);
    CHECK_INT(shared_map_add(map, "key", 0, &sum), SHARED_MAP_OK);
    CHECK_INT(sum, -3);
    CHECK_INT(shared_map_add(map, "key", 4, NULL), SHARED_MAP_OK);
    CHECK_INT(int_at(map, "key"), 1);
    CHECK_INT(shared_map_add(map, "zero", 0, NULL), SHARED_MAP_OK);
    CHECK_INT(int_at(map, "zero"), 0);
    shared_map_free(&map);
}

TEST(add_to_others, "add leaves what is no integer as it is")
{
    SharedMap *map = shared_map_new();
    for (size_t i = 0; i < COUNT(one_each); i++) {
        ValueType type = one_each[i].type;
        if (type == VALUE_NONE || type == VALUE_INT)
            continue;
        long long sum = 7;
        CHECK(shared_map_set(map, "key", one_each[i]));
        CHECK_INT(shared_map_add(map, "key", 1, &sum), SHARED_MAP_DIFFERS);
        CHECK_INT(shared_map_add(map, "key", 1, NULL), SHARED_MAP_DIFFERS);
        CHECK_INT(sum, 7);
        check_value(map, "key", one_each[i]);
    }
    shared_map_free(&map);
}

static const struct {
    long long old, amount;
    MapResult result;
} sums[] = {
    { LLONG_MAX, 1, SHARED_MAP_OVERFLOW },
    { LLONG_MAX, LLONG_MAX, SHARED_MAP_OVERFLOW },
    { 1, LLONG_MAX, SHARED_MAP_OVERFLOW },
    { LLONG_MIN, -1, SHARED_MAP_OVERFLOW },
    { LLONG_MIN, LLONG_MIN, SHARED_MAP_OVERFLOW },
    { -1, LLONG_MIN, SHARED_MAP_OVERFLOW },
    { LLONG_MAX - 1, 1, SHARED_MAP_OK },
    { LLONG_MIN + 1, -1, SHARED_MAP_OK },
    { 0, LLONG_MAX, SHARED_MAP_OK },
    { 0, LLONG_MIN, SHARED_MAP_OK },
    { LLONG_MAX, LLONG_MIN, SHARED_MAP_OK },
    { LLONG_MIN, LLONG_MAX, SHARED_MAP_OK },
    { LLONG_MAX, 0, SHARED_MAP_OK },
    { LLONG_MIN, 0, SHARED_MAP_OK },
};

TEST(add_overflow, "a sum that is no long long is refused, at both ends")
{
    for (size_t i = 0; i < COUNT(sums); i++) {
        bool fits = sums[i].result == SHARED_MAP_OK;
        SharedMap *map = map_with_int(sums[i].old);
        long long sum = 7;
        CHECK_INT(shared_map_add(map, "key", sums[i].amount, &sum),
                  sums[i].result);
        long long expected = sums[i].old + (fits ? sums[i].amount : 0);
        CHECK_INT(int_at(map, "key"), expected);
        CHECK_INT(sum, fits ? expected : 7);
        shared_map_free(&map);
    }
}

// Compare and set

static void check_swap(Value old, Value expected, Value desired, bool equal)
{
    SharedMap *map = shared_map_new_sized(4096);
    set_or_delete(map, "key", old);
    CHECK_INT(shared_map_compare_and_set(map, "key", expected, desired),
              equal ? SHARED_MAP_OK : SHARED_MAP_DIFFERS);
    check_value(map, "key", equal ? desired : old);
    shared_map_free(&map);
}

TEST(swap_all, "compare_and_set wants the same type and content, or no key")
{
    for (size_t i = 0; i < COUNT(one_each); i++)
        for (size_t j = 0; j < COUNT(one_each); j++) {
            check_swap(one_each[i], one_each[j], value_text("new"), i == j);
            check_swap(one_each[i], one_each[j], value_none(), i == j);
        }
}

TEST(swap_content,
     "compare_and_set compares what texts say, not where they are")
{
    SharedMap *map = shared_map_new();
    char text[] = "the same text";
    CHECK(shared_map_set_text(map, "key", "the same text"));
    CHECK_INT(shared_map_compare_and_set(map, "key", value_text(text),
                                         value_text("another")),
              SHARED_MAP_OK);
    CHECK_INT(shared_map_compare_and_set(map, "key", value_text("anothel"),
                                         value_null()),
              SHARED_MAP_DIFFERS);
    CHECK_INT(shared_map_compare_and_set(map, "key", value_text("anothe"),
                                         value_null()),
              SHARED_MAP_DIFFERS);
    check_value(map, "key", value_text("another"));
    shared_map_free(&map);
}

TEST(swap_order, "what compare_and_set sets keeps its place, or goes last")
{
    SharedMap *map = map_with_int(0);
    const Value none = value_none();
    CHECK_INT(shared_map_compare_and_set(map, "last", none, value_int(1)),
              SHARED_MAP_OK);
    CHECK_INT(shared_map_compare_and_set(map, "key", value_int(0),
                                         value_text("longer than before")),
              SHARED_MAP_OK);
    CHECK_INT(shared_map_compare_and_set(map, "key", none, none),
              SHARED_MAP_DIFFERS);
    CHECK_INT(shared_map_compare_and_set(map, "no", none, none), SHARED_MAP_OK);
    MapEntries *entries = shared_map_entries(map);
    CHECK_INT(entries->count, 2);
    CHECK_TEXT(entries->at[0].key, "key");
    CHECK_TEXT(entries->at[1].key, "last");
    free(entries);
    shared_map_free(&map);
}

TEST(set_if_absent, "set_if_absent sets a missing key only, and null is there")
{
    SharedMap *map = shared_map_new();
    for (size_t i = 0; i < COUNT(one_each); i++) {
        bool absent = one_each[i].type == VALUE_NONE;
        set_or_delete(map, "key", one_each[i]);
        CHECK_INT(shared_map_set_if_absent(map, "key", value_text("new")),
                  absent ? SHARED_MAP_OK : SHARED_MAP_DIFFERS);
        check_value(map, "key", absent ? value_text("new") : one_each[i]);
    }
    shared_map_free(&map);
}

// Refused

static bool make_long(Value *value, void *context)
{
    *value = value_text(context);
    return true;
}

TEST(full, "updates that a full map has no room for change nothing")
{
    SharedMap *map = shared_map_new_sized(4096);
    char text[2500] = "", key[20] = "key";
    memset(text, 'x', sizeof text - 1);
    const Value none = value_none(), longer = value_text(text);
    CHECK(shared_map_set_int(map, "int", 1));
    for (int i = 0; shared_map_set_null(map, key); i++)
        snprintf(key, sizeof key, "key %d", i);
    size_t size = shared_map_size(map);
    long long sum = 7;
    CHECK_INT(shared_map_add(map, "new", 1, &sum), SHARED_MAP_FULL);
    CHECK_INT(sum, 7);
    CHECK_INT(shared_map_set_if_absent(map, "new", value_null()),
              SHARED_MAP_FULL);
    CHECK_INT(shared_map_compare_and_set(map, "new", none, longer),
              SHARED_MAP_FULL);
    CHECK_INT(shared_map_update(map, "new", make_long, text), SHARED_MAP_FULL);
    CHECK_INT(shared_map_update(map, "int", make_long, text), SHARED_MAP_FULL);
    CHECK_INT(shared_map_compare_and_set(map, "int", value_int(1), longer),
              SHARED_MAP_FULL);
    CHECK(!shared_map_has(map, "new"));
    CHECK_INT(shared_map_add(map, "int", 1, &sum), SHARED_MAP_OK);
    CHECK_INT(sum, 2);
    CHECK_INT(shared_map_size(map), size);
    shared_map_free(&map);
}

static const Value error = { .type = VALUE_ERROR, .text = "no", .size = 2 };

static bool make_error(Value *value, void *context)
{
    (void)context;
    *value = error;
    return true;
}

static void update_to_error(void)
{
    shared_map_update(shared_map_new(), "key", make_error, NULL);
}

static void swap_for_error(void)
{
    shared_map_compare_and_set(shared_map_new(), "key", value_none(), error);
}

static void set_error_if_absent(void)
{
    shared_map_set_if_absent(shared_map_new(), "key", error);
}

static void set_none_if_absent(void)
{
    shared_map_set_if_absent(shared_map_new(), "key", value_none());
}

TEST(unstorable, "to update to what cannot be stored dies")
{
    CHECK_DIES(update_to_error,
               "shared_map_update: a value of this type cannot be stored");
    CHECK_DIES(swap_for_error, "shared_map_compare_and_set: a value of this "
                               "type cannot be stored");
    CHECK_DIES(set_error_if_absent, "shared_map_set_if_absent: a value of this "
                                    "type cannot be stored");
    CHECK_DIES(set_none_if_absent, "shared_map_set_if_absent: there is no val");
}
