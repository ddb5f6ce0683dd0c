// One table of a shared map: a dictionary that only fills up. In it lie, at
// offsets, so that it may be mapped anywhere:
//
//     the entries   in the order in which the keys were set first; they grow
//                   up from the start
//     the arena     chunks for the bytes of texts and long keys, and the index;
//                   it grows down from the end
//     the index     slots {hash, entry number}, open addressing
//
// Each change comes true with one store: of an entry's word, or of a slot. When
// the index is full, a larger one takes its place with one store too, and the
// old one stays where it is, right for those who still read it.
//
// A table knows no locks. What is marked "any thread" may be called while
// others change the table, and even while they start it anew: then it finds
// anything, but it stays inside the table and comes to an end. All other calls
// are for one thread at a time, which has the map's lock.

#ifndef MAP_TABLE_H
#define MAP_TABLE_H

#include "base/names.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "atomic_words.h"
#include "base/trace_hooks.h"
#include "map_key.h"
#include "tagged_value.h"
#include "value.h"

// Two fill a line of the cache: to look at one is to wait for memory once.
typedef struct Entry {
    Word word;              // the value, or where it is: tagged_value.h, masked
    Word fingerprint;       // map_key.h
    Word words[KEY_WORDS];  // of a short key; where the chunk of a long one is
} Entry;

typedef struct Table {
    union {
        struct {
            Word index;  // where it is, and how large
            Word mask;   // of the words; another one whenever it is started
            // These never change:
            uint64_t size;          // bytes of the table
            uint32_t most_entries;  // that can be in it
            uint32_t number_mask;   // of a slot
        };
        char line_of_readers[CACHE_LINE];
    };
    union {
        struct {
            _Atomic uint32_t count;  // entries, deleted ones too
            uint32_t alive;          // entries that are not deleted
            uint32_t slots;          // of the index
            uint32_t slots_used;     // of them
            uint64_t arena;          // where it begins
            uint64_t limit;          // bytes to be used before it is tidied up
        };
        char line_of_writers[CACHE_LINE];
    };
} Table;

// What was found under a key.
typedef struct Found {
    Entry *entry;     // NULL: nothing
    uint64_t word;    // of its value; WORD_DELETED: nothing
    uint64_t mask;    // of the table
    uint64_t freeze;  // in which it was found, or 0: map_block.h
    uint64_t in_use;  // when it was found: map_block.h
    // If nothing was found: the slot that says so, as it is free or has the key
    // as a deleted one, what is in it, and of which index.
    uint32_t slot;
    uint32_t in_slot;
    uint64_t index;
} Found;

// One key and its value, pointing into the table until its next change.
typedef struct Item {
    Key key;
    Value value;
} Item;

// What is to be added to a table.
typedef struct Need {
    uint64_t entries;
    uint64_t bytes;  // of chunks
    bool number;     // that is set where something was: it is never refused
} Need;

// Says, once, how large the table is: a multiple of CACHE_LINE.
void table_init(Table *table, uint64_t size);

// Looks a key up. Any thread.
void table_find(const Table *table, const Key *key, Found *found);

// The value of a word that was found. Text and bytes are copied to the buffer
// if they fit there; value->size says how large they are. Returns false if
// there can be no such value. Any thread; it is for the caller to see whether
// the word is still there.
bool table_read(const Table *table, uint64_t word, Value *value, void *buffer,
                size_t room);

// Whether the entry still has the word that was found. Any thread.
static inline bool found_is_there(const Found *found)
{
    return word_load(&found->entry->word) == (found->word ^ found->mask);
}

// Sets the entry's word if it still is the one that was found; says it in
// *found if not. Any thread, for words without a chunk.
static inline bool found_swap(Found *found, uint64_t word)
{
    uint64_t expected = found->word ^ found->mask;
    bool swapped =
        word_swap(&found->entry->word, &expected, word ^ found->mask);
    TRACED(map_moment());
    if (!swapped)
        found->word = expected ^ found->mask;
    return swapped;
}

// The value of an entry's word, which points into the table.
Value table_value(const Table *table, uint64_t word);

// These need room. Both set the value of what was found, and delete its key
// when that is VALUE_NONE. The second returns false, and does nothing but look
// again, when another value is there by now.
void table_set(Table *table, const Found *found, Value value);
bool table_change(Table *table, Found *found, Value value);

// Whether what was not found in this table is still missing. The map may be
// what it likes in between.
bool table_still_misses(const Table *table, const Found *found);

// Adds the key, which must be missing, in this slot or behind. This needs room
// too.
void table_append(Table *table, const Key *key, Value value, uint32_t slot);

// Puts in order what a killed writer left behind. May be killed itself.
void table_recover(Table *table);

// Gives the first item from *position on and moves *position behind it. Starts
// with 0; returns false at the end. `kept` are the words of a frozen table.
bool table_next(const Table *table, const Word *kept, uint32_t *position,
                Item *item);

// Freezing: every word that is alive is put to `kept`, and WORD_FROZEN in its
// place, so that nobody can swap it. Thawing brings them back.
void table_freeze(Table *table, Word *kept);
void table_thaw(Table *table, const Word *kept);

// Room (map_space.c).

// Makes it an empty table with this mask, that has room for so much, and for
// more if it is large enough; and in its midst for so many words that are kept
// there meanwhile. Returns false, and does nothing, if it is too small.
bool table_start(Table *table, uint64_t mask, const Need *need, uint64_t kept);

// What it takes to hold all that is alive.
Need table_alive(const Table *table);

// What it takes to set what was found under the key, or to add the key.
Need table_need(const Table *table, const Found *found, const Key *key,
                Value value);

bool table_has_room(const Table *table, const Need *need);

// Makes room in place. Returns false, and does nothing, when there is none, or
// when more than half of what is used could be got back by moving.
bool table_grow(Table *table, const Need *need);

#endif
