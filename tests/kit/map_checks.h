// Shared by the tests of the map.

#ifndef MAP_CHECKS_H
#define MAP_CHECKS_H

#include <math.h>

#include "shared_map.h"
#include "test.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static inline long long int_at(SharedMap *map, const char *key)
{
    long long integer = -1;
    CHECK(shared_map_get_int(map, key, &integer));
    return integer;
}

// VALUE_NONE stands for a missing key.
static inline void check_value(SharedMap *map, const char *key, Value expected)
{
    Value value = value_none();
    shared_map_get(map, key, &value);
    CHECK(value_equal(value, expected));
    if (value.type == VALUE_TEXT)
        CHECK_INT(value.text[value.size], '\0');
    value_free(&value);
}

static inline SharedMap *map_with_int(long long integer)
{
    SharedMap *map = shared_map_new();
    CHECK(shared_map_set_int(map, "key", integer));
    return map;
}

// Of each type one, none the same as another.
static const Value one_each[] = {
    { .type = VALUE_NONE },
    { .type = VALUE_NULL },
    { .type = VALUE_BOOL, .boolean = false },
    { .type = VALUE_BOOL, .boolean = true },
    { .type = VALUE_INT, .integer = 0 },
    { .type = VALUE_INT, .integer = 1 },
    { .type = VALUE_INT, .integer = 1LL << 32 },
    { .type = VALUE_REAL, .real = 1.0 },
    { .type = VALUE_REAL, .real = 0.0 },
    { .type = VALUE_REAL, .real = -0.0 },
    { .type = VALUE_REAL, .real = NAN },
    { .type = VALUE_TEXT, .text = "", .size = 0 },
    { .type = VALUE_TEXT, .text = "1", .size = 1 },
    { .type = VALUE_TEXT, .text = "1\0a", .size = 3 },
    { .type = VALUE_TEXT, .text = "1\0b", .size = 3 },
    { .type = VALUE_BYTES, .bytes = "", .size = 0 },
    { .type = VALUE_BYTES, .bytes = "1", .size = 1 },
};

static inline void set_or_delete(SharedMap *map, const char *key, Value value)
{
    if (value.type == VALUE_NONE)
        shared_map_delete(map, key);
    else
        CHECK(shared_map_set(map, key, value));
}

// For shared_map_update: counts from 1.
static inline bool add_one(Value *value, void *context)
{
    (void)context;
    *value = value_int(value->type == VALUE_INT ? value->integer + 1 : 1);
    return true;
}

#endif
