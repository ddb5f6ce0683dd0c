// A new key makes the map build a larger index: a thread that looks up or
// changes another key meanwhile always finds it, in the old index or the new.
#include "check.h"
#include "map/map_table_internal.h"
#include "map/shared_map_internal.h"

enum { BUFFER = 16384, FULL = 32 };

static SharedMap *map;

static uint32_t index_slots(void)
{
    return index_of(block_table(&map->block)).mask + 1;
}

static void add_one(void)
{
    CHECK(shared_map_set_int(map, "one more", 1));
}

static void change_another(void)
{
    long long value;
    CHECK(shared_map_get_int(map, "7", &value) && value == 7);
    CHECK(shared_map_add(map, "7", 1, NULL) == SHARED_MAP_OK);
    CHECK(shared_map_get_int(map, "7", &value) && value == 8);
    CHECK(!shared_map_has(map, "none"));
}

int main(void)
{
    map = shared_map_new_sized(BUFFER);
    for (int i = 0; i < FULL; i++) {
        char key[12];
        snprintf(key, sizeof key, "%d", i);
        CHECK(shared_map_set_int(map, key, i));
    }
    uint32_t before = index_slots();
    TOGETHER(add_one, change_another);
    CHECK(index_slots() > before);
    CHECK(shared_map_size(map) == FULL + 1);
    shared_map_free(&map);
}
