// A new key makes the map move to its other table: another thread's change in
// the meantime is not lost, although it may have found its entry in the old
// table. A lookup finds the key in one of the two.
#include "check.h"
#include "map/shared_map_internal.h"

enum { BUFFER = 2304, FULL = 14 };

static SharedMap *map;

static uint64_t moves(void)
{
    return word_load(&map->block.in_use);
}

static void add_one(void)
{
    CHECK(shared_map_set_int(map, "one more", 1));
}

static void change_another(void)
{
    long long value;
    CHECK(shared_map_add(map, "n", 1, NULL) == SHARED_MAP_OK);
    CHECK(shared_map_get_int(map, "n", &value) && value == 1);
    CHECK(!shared_map_has(map, "gone"));
}

int main(void)
{
    map = shared_map_new_sized(BUFFER);
    CHECK(shared_map_set_int(map, "n", 0));
    for (int i = 1; i < FULL; i++) {
        CHECK(shared_map_set_null(map, "gone"));
        CHECK(shared_map_delete(map, "gone"));
    }
    CHECK(moves() == 0);
    TOGETHER(add_one, change_another);
    CHECK(moves() == 1);
    CHECK(shared_map_size(map) == 2);
    shared_map_free(&map);
}
