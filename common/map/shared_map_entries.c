// All entries of a map at one moment, and the map as Node's console.log shows
// an object. The linearization point is when the last word is frozen: then no
// thread can change the map, and readers find the words that are kept. They all
// belong to one instant, however long the copy takes.
#include "base/base.h"

#include "base/text.h"
#include "shared_map_internal.h"

// The memory for the entries: first all of them, then their bytes.
typedef struct Copy {
    char *memory;
    size_t room;  // bytes
    size_t size;  // that all of it takes, as far as it is known
} Copy;

// Copies the bytes, and a NUL, behind those that are there, if they fit.
static const char *copy_bytes(Copy *copy, const void *bytes, size_t size)
{
    size_t at = copy->size;
    copy->size += size + 1;
    if (copy->size > copy->room)
        return NULL;
    char *to = copy->memory + at;
    if (size > 0)
        memcpy(to, bytes, size);
    to[size] = '\0';
    return to;
}

// Returns the room that the entries need, and copies them if there is so much.
static size_t try_to_copy(SharedMap *map, MapEntries *entries, size_t room)
{
    map_enter_lock(map);
    const Word *kept = block_freeze(&map->block);
    const Table *table = block_table(&map->block);
    Copy copy = { (char *)entries, room, sizeof *entries };
    copy.size += table->alive * sizeof(MapEntry);
    entries->count = table->alive;
    entries->at = (MapEntry *)(entries + 1);
    uint32_t position = 0, i = 0;
    for (Item item; table_next(table, kept, &position, &item); i++) {
        const char *key = copy_bytes(&copy, item.key.bytes, item.key.size);
        if (value_has_bytes(item.value))
            item.value.bytes =
                copy_bytes(&copy, item.value.bytes, item.value.size);
        if (copy.size <= room)
            entries->at[i] = (MapEntry){ key, item.key.size, item.value };
    }
    block_thaw(&map->block);
    block_unlock(&map->block);
    return copy.size;
}

// Memory is allocated while no lock is held: malloc may take long, and no other
// thread should wait for it. So the map may outgrow the memory, and then the
// copy is made again.
MapEntries *shared_map_entries(SharedMap *map)
{
    size_t room = sizeof(MapEntries), size;
    MapEntries *entries = must_malloc(room);
    TRACED(map_call());
    while ((size = try_to_copy(map, entries, room)) > room) {
        room = size;
        entries = must_realloc(entries, room);
    }
    TRACED(
        map(map, "all entries", NULL, 0, value_int((long long)entries->count)));
    return entries;
}

void shared_map_for_each(SharedMap *map,
                         void (*visit)(const MapEntry *entry, void *context),
                         void *context)
{
    MapEntries *entries = shared_map_entries(map);
    for (size_t i = 0; i < entries->count; i++)
        visit(&entries->at[i], context);
    free(entries);
}

// Printing.

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
