// Store buffering between two paths: one thread deletes a key, sets a new key
// and then looks at a number. The other thread sets the number, for which it
// takes no lock, and then looks for both keys. At least one must see the
// other's change (sequential consistency).
#include "check.h"
#include "shared_map.h"

enum { BUFFER = 8192 };

static SharedMap *map;
static long long number;
static bool has_key, has_new;

static void change_and_look(void)
{
    CHECK(shared_map_delete(map, "key"));
    CHECK(shared_map_set_null(map, "new"));
    CHECK(shared_map_get_int(map, "number", &number));
}

static void set_and_look(void)
{
    CHECK(shared_map_set_int(map, "number", 1));
    has_key = shared_map_has(map, "key");
    has_new = shared_map_has(map, "new");
}

int main(void)
{
    map = shared_map_new_sized(BUFFER);
    CHECK(shared_map_set_int(map, "number", 0));
    CHECK(shared_map_set_null(map, "key"));
    TOGETHER(change_and_look, set_and_look);
    CHECK(number == 1 || !has_key);
    CHECK(number == 1 || has_new);
    shared_map_free(&map);
}
