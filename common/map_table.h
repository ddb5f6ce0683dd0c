// One table of a shared map: a dictionary that only fills up. In it lie one
// behind the other, and at offsets, so that it may be mapped anywhere:
//
//     the index     slots {hash, entry number}, open addressing
//     the entries   in the order in which the keys were set first
//     the arena     the bytes of keys, texts and bytes
//
// Each change comes true with one store of 32 bits: an entry's `state`, or the
// table's `count` of entries. A table knows no locks; shared_map.c has one.

#ifndef MAP_TABLE_H
#define MAP_TABLE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "value.h"

typedef struct Key {
    const void *bytes;
    size_t size;
} Key;

// One key and its value, pointing into the table until its next change.
typedef struct Item {
    Key key;
    Value value;
} Item;

typedef struct Entry Entry;

typedef struct Table {
    uint32_t slots;          // a power of two, at least twice the entries
    uint32_t entries;        // room for so many
    uint32_t arena;          // bytes
    uint32_t arena_used;     // bytes
    uint32_t alive;          // entries that are not deleted
    _Atomic uint32_t count;  // entries, deleted ones too
} Table;

// Sets the capacities of an empty table, for so many entries whose keys and
// values take so many bytes in the arena. Returns false when it would be larger
// than the limit.
bool table_plan(Table *table, uint64_t entries, uint64_t bytes, uint64_t limit);

// Makes an empty table where there is room for what was planned.
void table_init(Table *table, const Table *planned);

// How many bytes a key or a text takes in the arena.
uint64_t table_bytes_for(size_t size);

// The same for all keys and values that are alive.
uint64_t table_bytes_alive(Table *table);

// Whether the table has room for so many more.
bool table_has_room(const Table *table, uint32_t entries, uint64_t bytes);

Entry *table_find(Table *table, Key key, uint32_t hash);
Value table_value(Table *table, const Entry *entry);

// How many bytes in the arena it takes to set the entry to the value.
uint64_t table_bytes_to_set(Table *table, const Entry *entry, Value value);

// There must be room for these two.
void table_set(Table *table, Entry *entry, Value value);
void table_append(Table *table, Key key, uint32_t hash, Value value);

void table_delete(Table *table, Entry *entry);

// Makes the index and the counts from the entries again, which are always
// right, and forgets what a killed writer left in cells that are not in use.
void table_recover(Table *table);

// Gives the first item from *position on, with its hash, and moves *position
// behind it. Starts with 0; returns false at the end.
bool table_next(Table *table, uint32_t *position, Item *item, uint32_t *hash);

#endif
