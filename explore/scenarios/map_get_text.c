// A reader copies a text while a writer replaces it by others that reuse its
// memory: it gets one text as a whole. The memory's version tells the reader to
// start again (a seqlock).
#include "check.h"
#include "shared_map.h"

enum { BUFFER = 8192 };

static SharedMap *map;

static void set(void)
{
    CHECK(shared_map_set_text(map, "t", "bbbbbbbbbbbb"));
    CHECK(shared_map_set_text(map, "t", "cccccccccc"));
    CHECK(shared_map_set_text(map, "t", "dddddddd"));
}

static void get(void)
{
    Value value;
    CHECK(shared_map_get(map, "t", &value) && value.type == VALUE_TEXT);
    char first = value.text[0];
    CHECK('a' <= first && first <= 'd');
    CHECK(value.size == 14 - 2 * (size_t)(first - 'a'));
    CHECK(strspn(value.text, (char[]){ first, '\0' }) == value.size);
    value_free(&value);
}

int main(void)
{
    map = shared_map_new_sized(BUFFER);
    CHECK(shared_map_set_text(map, "t", "aaaaaaaaaaaaaa"));
    TOGETHER(set, get);
    shared_map_free(&map);
}
