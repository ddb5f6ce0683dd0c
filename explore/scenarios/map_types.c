// A value changes its type and its size: a reader gets each type with its own
// value, because a word holds the type together with the value or its place.
#include "check.h"
#include "shared_map.h"

enum { BUFFER = 8192 };

static SharedMap *map;

static void set(void)
{
    CHECK(shared_map_set_text(map, "v", "text"));
    CHECK(shared_map_set_int(map, "v", 1LL << 62));  // as long as a text
    CHECK(shared_map_set_bool(map, "v", true));
}

static void get(void)
{
    Value value;
    CHECK(shared_map_get(map, "v", &value));
    switch (value.type) {
    case VALUE_REAL:
        CHECK(value.real == 0.5);
        break;
    case VALUE_TEXT:
        CHECK(value.size == 4 && strcmp(value.text, "text") == 0);
        break;
    case VALUE_INT:
        CHECK(value.integer == 1LL << 62);
        break;
    default:
        CHECK(value.type == VALUE_BOOL && value.boolean);
    }
    value_free(&value);
}

int main(void)
{
    map = shared_map_new_sized(BUFFER);
    CHECK(shared_map_set_real(map, "v", 0.5));
    TOGETHER(set, get);
    shared_map_free(&map);
}
