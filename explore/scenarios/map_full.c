// Two threads want the last free entry of a full map: exactly one gets it, and
// the other's failure changes nothing. A number that exists can still be set,
// even to one that needs more memory.
#include "check.h"
#include "shared_map.h"

enum { BUFFER = 1536 };

static SharedMap *map;
static bool stored_left, stored_right;
static int stored;

static void add_left(void)
{
    stored_left = shared_map_set_int(map, "left", 1);
}

static void add_right(void)
{
    stored_right = shared_map_set_int(map, "right", 1);
    CHECK(shared_map_set_int(map, "0", 1LL << 62));
}

int main(void)
{
    char key[12];
    long long value;
    map = shared_map_new_sized(BUFFER);
    do
        snprintf(key, sizeof key, "%d", stored);
    while (shared_map_set_int(map, key, 0) && ++stored);
    CHECK(shared_map_delete(map, "1"));
    TOGETHER(add_left, add_right);
    CHECK(stored_left != stored_right);
    CHECK(shared_map_has(map, "left") == stored_left);
    CHECK(shared_map_has(map, "right") == stored_right);
    CHECK(shared_map_get_int(map, "0", &value) && value == 1LL << 62);
    CHECK((int)shared_map_size(map) == stored);
    shared_map_free(&map);
}
