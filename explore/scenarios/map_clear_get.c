// A reader copies a text while the map is cleared and filled again: it gets the
// first text, the second, or none, and never a mix of two (a torn read).
#include "check.h"
#include "shared_map.h"

enum { BUFFER = 2048 };

static SharedMap *map;

static void clear_and_set(void)
{
    shared_map_clear(map);
    shared_map_clear(map);
    CHECK(shared_map_set_text(map, "t", "another one"));
}

static void get(void)
{
    char text[16];
    if (shared_map_get_text(map, "t", text, sizeof text))
        CHECK(strcmp(text, "one") == 0 || strcmp(text, "another one") == 0);
}

int main(void)
{
    map = shared_map_new_sized(BUFFER);
    CHECK(shared_map_set_text(map, "t", "one"));
    TOGETHER(clear_and_set, get);
    CHECK(shared_map_size(map) == 1);
    shared_map_free(&map);
}
