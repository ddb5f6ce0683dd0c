// Keys too long for their entries lie elsewhere: a reader finds no entry, or
// one with the whole key. The entry's word is published last, with release.
#include "check.h"
#include "shared_map.h"

#define FIRST "a key of more than sixteen bytes"
#define SECOND "a key of more than sixteen bytes, too"

enum { BUFFER = 8192 };

static SharedMap *map;

static void add(void)
{
    CHECK(shared_map_set_int(map, FIRST, 1));
    CHECK(shared_map_set_int(map, SECOND, 2));
}

static void look_up(void)
{
    long long first = 1, second = 2;
    bool has_second = shared_map_get_int(map, SECOND, &second);
    bool has_first = shared_map_get_int(map, FIRST, &first);
    CHECK(first == 1 && second == 2);
    CHECK(has_first || !has_second);
}

int main(void)
{
    map = shared_map_new_sized(BUFFER);
    TOGETHER(add, look_up);
    shared_map_free(&map);
}
