// A snapshot of all entries is taken at one moment: while two numbers are set
// one after the other it never has the second without the first. And the
// snapshot loses no set.
#include "check.h"
#include "shared_map.h"

enum { BUFFER = 8192 };

static SharedMap *map;

static void set_both(void)
{
    CHECK(shared_map_set_int(map, "a", 1));
    CHECK(shared_map_set_int(map, "b", 1));
}

static void look(void)
{
    MapEntries *entries = shared_map_entries(map);
    CHECK(entries->count == 2);
    CHECK(strcmp(entries->at[0].key, "a") == 0);
    CHECK(strcmp(entries->at[1].key, "b") == 0);
    CHECK(entries->at[0].value.integer >= entries->at[1].value.integer);
    free(entries);
}

int main(void)
{
    long long a, b;
    map = shared_map_new_sized(BUFFER);
    CHECK(shared_map_set_int(map, "a", 0) && shared_map_set_int(map, "b", 0));
    TOGETHER(set_both, look);
    CHECK(shared_map_get_int(map, "a", &a) && a == 1);
    CHECK(shared_map_get_int(map, "b", &b) && b == 1);
    shared_map_free(&map);
}
