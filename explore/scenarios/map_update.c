// Two threads update one text by a function: neither update is lost, whichever
// of them comes first.
#include "check.h"
#include "shared_map.h"

enum { BUFFER = 8192 };

static SharedMap *map;

static bool append(Value *value, void *letter)
{
    static _Thread_local char text[8];
    snprintf(text, sizeof text, "%s%s",
             value->type == VALUE_TEXT ? value->text : "",
             (const char *)letter);
    *value = value_text(text);
    return true;
}

static void append_a(void)
{
    CHECK(shared_map_update(map, "t", append, "a") == SHARED_MAP_OK);
}

static void append_b(void)
{
    CHECK(shared_map_update(map, "t", append, "b") == SHARED_MAP_OK);
}

int main(void)
{
    char text[8];
    map = shared_map_new_sized(BUFFER);
    TOGETHER(append_a, append_b);
    CHECK(shared_map_get_text(map, "t", text, sizeof text));
    CHECK(strcmp(text, "ab") == 0 || strcmp(text, "ba") == 0);
    shared_map_free(&map);
}
