// Two threads each change one key and then look at the other's: at least one
// sees the other's change. This is store buffering (Dekker's algorithm): it
// needs sequential consistency, for a new key, a new number and a delete.
#include "check.h"
#include "shared_map.h"

enum { BUFFER = 8192 };

static SharedMap *map;
static bool saw_new_left, saw_new_right;
static long long left_number, right_number;
static bool has_left, has_right;

static void go_left(void)
{
    CHECK(shared_map_set_int(map, "new left", 1));
    saw_new_right = shared_map_has(map, "new right");
    CHECK(shared_map_set_int(map, "left", 1));
    CHECK(shared_map_get_int(map, "right", &right_number));
    CHECK(shared_map_delete(map, "old left"));
    has_right = shared_map_has(map, "old right");
}

static void go_right(void)
{
    CHECK(shared_map_set_int(map, "new right", 1));
    saw_new_left = shared_map_has(map, "new left");
    CHECK(shared_map_set_int(map, "right", 1));
    CHECK(shared_map_get_int(map, "left", &left_number));
    CHECK(shared_map_delete(map, "old right"));
    has_left = shared_map_has(map, "old left");
}

int main(void)
{
    map = shared_map_new_sized(BUFFER);
    shared_map_set_int(map, "left", 0);
    shared_map_set_int(map, "right", 0);
    shared_map_set_null(map, "old left");
    shared_map_set_null(map, "old right");
    TOGETHER(go_left, go_right);
    CHECK(saw_new_left || saw_new_right);
    CHECK(left_number == 1 || right_number == 1);
    CHECK(!has_left || !has_right);
    shared_map_free(&map);
}
