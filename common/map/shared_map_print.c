// A map as Node's console.log shows an object.
#include "base/base.h"

#include "base/text.h"
#include "shared_map.h"

enum { LINE_WIDTH = 80, OTHER_TEXT = 13 };  // as Node counts it

static const char name_characters[] = "0123456789"
                                      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                      "abcdefghijklmnopqrstuvwxyz_";

// A key that Node shows without quotes.
static bool is_identifier(const MapEntry *entry)
{
    size_t letters = strspn(entry->key, name_characters);
    return letters > 0 && letters == entry->key_size &&
           !(*entry->key >= '0' && *entry->key <= '9');
}

static void add_entry(const MapEntry *entry, Text *text)
{
    Value key = { .type = VALUE_TEXT,
                  .text = entry->key,
                  .size = entry->key_size };
    if (!is_identifier(entry))
        value_add_to_text(key, text);
    else if (strcmp(entry->key, "__proto__") == 0)  // not a mere key in Node
        text_add(text, "['__proto__']");
    else
        text_add(text, "%s", entry->key);
    text_add(text, ": ");
    value_add_to_text(entry->value, text);
}

static void add_all(const MapEntries *entries, const char *separator,
                    Text *text)
{
    for (size_t i = 0; i < entries->count; i++) {
        if (i > 0)
            text_add(text, "%s", separator);
        add_entry(&entries->at[i], text);
    }
}

void shared_map_print(SharedMap *map, FILE *file)
{
    MapEntries *entries = shared_map_entries(map);
    Text text = { 0 };
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
