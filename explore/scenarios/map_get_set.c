// A lock-free read during sets sees the old number or a new one, and a second
// read never an older one (coherence).
#include "check.h"
#include "shared_map.h"

enum { BUFFER = 8192 };

static SharedMap *map;

static void set(void)
{
    CHECK(shared_map_set_int(map, "n", 2));
    CHECK(shared_map_set_int(map, "n", 3));
}

static void get(void)
{
    long long before, after;
    CHECK(shared_map_get_int(map, "n", &before));
    CHECK(shared_map_get_int(map, "n", &after));
    CHECK(1 <= before && before <= after && after <= 3);
}

int main(void)
{
    map = shared_map_new_sized(BUFFER);
    CHECK(shared_map_set_int(map, "n", 1));
    TOGETHER(set, get);
    shared_map_free(&map);
}
