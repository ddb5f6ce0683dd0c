// Delete against set of one key: the result is that of one of the two orders,
// and the key exists once or not at all.
#include "check.h"
#include "shared_map.h"

enum { BUFFER = 8192 };

static SharedMap *map;
static bool deleted_first, deleted_second;

static void delete_twice(void)
{
    deleted_first = shared_map_delete(map, "k");
    deleted_second = shared_map_delete(map, "k");
}

static void set_once(void)
{
    CHECK(shared_map_set_int(map, "k", 2));
}

int main(void)
{
    map = shared_map_new_sized(BUFFER);
    CHECK(shared_map_set_int(map, "k", 1));
    TOGETHER(delete_twice, set_once);
    CHECK(deleted_first);
    long long value = 2;
    bool is_there = shared_map_get_int(map, "k", &value);
    CHECK(value == 2);
    CHECK(!(deleted_second && is_there));
    CHECK(shared_map_size(map) == (is_there ? 1 : 0));
    CHECK(shared_map_delete(map, "k") == is_there);
    shared_map_free(&map);
}
