// A snapshot while a text grows and a key is added: each entry is whole, and
// the entries are in their order.
#include "check.h"
#include "shared_map.h"

enum { BUFFER = 8192 };

static SharedMap *map;

static void change(void)
{
    CHECK(shared_map_set_text(map, "t", "a longer text"));
    CHECK(shared_map_set_int(map, "n", 5));
}

static void look(void)
{
    MapEntries *entries = shared_map_entries(map);
    const MapEntry *text = &entries->at[0], *number = &entries->at[1];
    bool longer = text->value.size != 4;
    CHECK(strcmp(text->key, "t") == 0);
    CHECK(strcmp(text->value.text, longer ? "a longer text" : "text") == 0);
    CHECK(entries->count == 1 || (entries->count == 2 && longer));
    if (entries->count == 2)
        CHECK(strcmp(number->key, "n") == 0 && number->value.integer == 5);
    free(entries);
}

int main(void)
{
    map = shared_map_new_sized(BUFFER);
    CHECK(shared_map_set_text(map, "t", "text"));
    TOGETHER(change, look);
    shared_map_free(&map);
}
