// Three threads add a key each, two of them the same one: the map has two keys,
// neither of them twice. The loser of the race finds the winner's entry.
#include "check.h"
#include "shared_map.h"

enum { BUFFER = 8192 };

static SharedMap *map;

static void add_a(void)
{
    CHECK(shared_map_set_int(map, "a", 1));
}

static void add_b(void)
{
    CHECK(shared_map_set_int(map, "b", 2));
    CHECK(shared_map_has(map, "b"));
    size_t size = shared_map_size(map);
    CHECK(size == 1 || size == 2);
}

static void add_a_as_text(void)
{
    CHECK(shared_map_set_text(map, "a", "one"));
}

int main(void)
{
    map = shared_map_new_sized(BUFFER);
    TOGETHER(add_a, add_b, add_a_as_text);
    MapEntries *entries = shared_map_entries(map);
    CHECK(entries->count == 2);
    CHECK(strcmp(entries->at[0].key, entries->at[1].key) != 0);
    for (size_t i = 0; i < 2; i++)
        CHECK(shared_map_delete(map, entries->at[i].key));
    CHECK(shared_map_size(map) == 0);
    free(entries);
    shared_map_free(&map);
}
