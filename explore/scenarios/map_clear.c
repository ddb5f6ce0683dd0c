// A set that found its entry before the map was cleared, twice, does not hit
// the entry that now lies in the same memory: the ABA problem, avoided by a
// mask for each table.
#include "check.h"
#include "shared_map.h"

enum { BUFFER = 2048 };

static SharedMap *map;

static void set_a(void)
{
    CHECK(shared_map_set_int(map, "a", 2));
}

static void clear_and_set_b(void)
{
    shared_map_clear(map);
    shared_map_clear(map);
    CHECK(shared_map_set_int(map, "b", 1));
}

int main(void)
{
    long long a = 2, b;
    map = shared_map_new_sized(BUFFER);
    CHECK(shared_map_set_int(map, "a", 1));
    TOGETHER(set_a, clear_and_set_b);
    bool has_a = shared_map_get_int(map, "a", &a);
    CHECK(a == 2);
    CHECK(shared_map_get_int(map, "b", &b) && b == 1);
    CHECK(shared_map_size(map) == (has_a ? 2 : 1));
    shared_map_free(&map);
}
