// An update in its turn, with the map's lock held and its entry frozen, against
// a thread that adds without the lock and then looks: no addition is lost, and
// the reader sees the old value or the new one.
#define IN_COMMON
#include "map/shared_map_internal.h"

#include "check.h"

enum { BUFFER = 8192 };

static SharedMap *map;
static int calls;

static bool add_ten(Value *value, void *context)
{
    (void)context;
    calls++;
    CHECK(value->type == VALUE_INT);
    *value = value_int(value->integer + 10);
    return true;
}

static void update(void)
{
    Key key;
    MapUpdate turn = { .map = map };
    map_enter_key(map, &key, "n", 1);
    CHECK(map_update_in_turn(map, &key, &turn, add_ten, NULL) == SHARED_MAP_OK);
}

static void add_and_look(void)
{
    long long sum = 0, seen = 0;
    CHECK(shared_map_add(map, "n", 1, &sum) == SHARED_MAP_OK);
    CHECK(sum == 1 || sum == 11);
    CHECK(shared_map_get_int(map, "n", &seen));
    CHECK(seen == 11 || (seen == 1 && sum == 1));
}

int main(void)
{
    long long sum = 0;
    map = shared_map_new_sized(BUFFER);
    CHECK(shared_map_set_int(map, "n", 0));
    TOGETHER(update, add_and_look);
    CHECK(shared_map_get_int(map, "n", &sum) && sum == 11);
    CHECK(calls == 1);
    shared_map_free(&map);
}
