// Store buffering between two paths: one thread deletes a key (locked) and then
// looks at a number, the other sets the number (lock-free) and then looks for
// the key. At least one must see the other's change.
#include "check.h"
#include "shared_map.h"

enum { BUFFER = 8192 };

static SharedMap *map;
static long long number;
static bool has_key;

static void delete_and_look(void)
{
    CHECK(shared_map_delete(map, "key"));
    CHECK(shared_map_get_int(map, "number", &number));
}

static void set_and_look(void)
{
    CHECK(shared_map_set_int(map, "number", 1));
    has_key = shared_map_has(map, "key");
}

int main(void)
{
    map = shared_map_new_sized(BUFFER);
    CHECK(shared_map_set_int(map, "number", 0));
    CHECK(shared_map_set_null(map, "key"));
    TOGETHER(delete_and_look, set_and_look);
    CHECK(number == 1 || !has_key);
    shared_map_free(&map);
}
