// A visit of all entries, and a map as Node's console.log shows an object. Both
// look at a copy of the entries, so they call nothing but public functions.
#include "base/base.h"

#include "base/text.h"
#include "shared_map.h"

void shared_map_for_each(SharedMap *map,
                         void (*visit)(const MapEntry *entry, void *context),
                         void *context)
{
    MapEntries *entries = shared_map_entries(map);
    if (entries == NULL)
        return;
    for (size_t i = 0; i < entries->count; i++)
        visit(&entries->at[i], context);
    free(entries);
}

enum { LINE_WIDTH = 80, OTHER_TEXT = 13 };  // as Node counts it

static const char name_characters[] = "0123456789"
                                      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                      "abcdefghijklmnopqrstuvwxyz_";

// Node shows a key that could be a variable's name without quotes, and in
// brackets the one that would be a setter.
static void add_key(const char *key, size_t size, Text *text)
{
    size_t letters = strspn(key, name_characters);
    bool is_digit = *key >= '0' && *key <= '9';
    if (letters == 0 || letters != size || is_digit)
        value_add_to_text(
            (Value){ .type = VALUE_TEXT, .text = key, .size = size }, text);
    else if (strcmp(key, "__proto__") == 0)
        text_add(text, "['__proto__']");
    else
        text_add(text, "%s", key);
}

static void add_all(const MapEntries *entries, const char *separator,
                    Text *text)
{
    for (size_t i = 0; i < entries->count; i++) {
        if (i > 0)
            text_add(text, "%s", separator);
        add_key(entries->at[i].key, entries->at[i].key_size, text);
        text_add(text, ": ");
        value_add_to_text(entries->at[i].value, text);
    }
}

void shared_map_print(SharedMap *map, FILE *file)
{
    MapEntries *entries = shared_map_entries(map);
    Text text = { 0 };
    if (entries == NULL)
        return;
    add_all(entries, ", ", &text);
    if (entries->count == 0) {
        fprintf(file, "{}\n");
    } else if (text.size + OTHER_TEXT <= LINE_WIDTH) {
        fprintf(file, "{ %s }\n", text.at);
    } else {
        text_free(&text);
        add_all(entries, ",\n  ", &text);
        fprintf(file, "{\n  %s\n}\n", text.at);
    }
    text_free(&text);
    free(entries);
}
