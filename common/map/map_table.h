// One table of a shared map: a compact dict, as CPython's since version 3.6
// (Raymond Hettinger's design). It only fills up, and its parts lie at offsets,
// so that it may be mapped anywhere:
//
//     the entries   in the order in which the keys were first set; they grow
//                   up from the start
//     the arena     a bump allocator that grows down from the end: chunks for
//                   the bytes of texts and long keys, and the index
//     the index     slots {hash, entry number}: open addressing with linear
//                   probing
//
// Each change has one commit point: the store of an entry's word, or of a slot.
// A deleted entry stays as a tombstone. When the index is full, a larger one
// takes its place, with one store too; the old one stays valid for the threads
// that still read it.
//
// A table knows no locks. The calls marked "any thread" may run while another
// thread changes the table, or even starts it again: then they may find
// anything, but they stay inside the table and return. All other calls are for
// one thread at a time, the holder of the map's lock.

#ifndef MAP_TABLE_H
#define MAP_TABLE_H

#include "base/names.h"

#include "atomic_words.h"
#include "base/trace_hooks.h"
#include "map_key.h"
#include "tagged_value.h"
#include "value.h"

// Two entries fill a cache line: a look at one waits for memory once.
typedef struct Entry {
    Word word;         // the value, or where it is: tagged_value.h, masked
    Word fingerprint;  // map_key.h
    // Of a short key; the chunk's offset of a long one.
    alignas(Word) Word words[KEY_WORDS];
} Entry;

typedef struct Table {
    union {
        struct {
            Word index;  // its offset and size: index_of
            Word mask;   // XORed into every word; another one at each start
            // These never change:
            uint64_t size;          // bytes of the table
            uint32_t most_entries;  // that can be in it
            uint32_t number_mask;   // of a slot
        };
        char line_of_readers[CACHE_LINE];
    };
    // Only the holder of the map's lock uses these.
    union {
        struct {
            _Atomic uint32_t count;  // entries, deleted ones too
            uint32_t alive;          // entries that are not deleted
            uint32_t slots;          // of the index, to check its word by
            uint32_t slots_used;     // of them
            uint64_t arena;          // where it begins
            uint64_t limit;          // bytes to use before a tidying
            uint64_t alive_bytes;    // of the chunks of entries and words
        };
        char line_of_writers[CACHE_LINE];
    };
} Table;

// The result of a lookup.
typedef struct Found {
    Entry *entry;     // NULL: the key is missing
    uint64_t word;    // of its value; WORD_DELETED: the key is missing
    uint64_t mask;    // of the table
    uint64_t freeze;  // in which it was found, or 0: map_block.h
    uint64_t in_use;  // when it was found: map_block.h
} Found;

// One key and its value, pointing into the table until its next change.
typedef struct Item {
    Key key;
    Value value;
} Item;

// The room that a change needs in a table.
typedef struct Need {
    uint64_t entries;
    uint64_t bytes;   // of chunks
    bool number;      // a number for a key that is there: it is never refused
    uint64_t growth;  // by which the bytes that are alive grow
} Need;

// Sets, once, how large the table is: a multiple of CACHE_LINE.
void table_init(Table *table, uint64_t size);

// Looks a key up. Any thread.
void table_find(const Table *table, const Key *key, Found *found);

// The value of an entry's word, which points into the table; VALUE_NONE if
// there can be no such value. Any thread.
Value table_value(const Table *table, uint64_t word);

// The same for a word that was found, but text and bytes are copied to the
// buffer if they fit there; value->size is their size. The caller then checks
// that the word is still there.
void table_read(const Table *table, uint64_t word, Value *value, void *buffer,
                size_t room);

// Whether the entry still has the word that was found. Any thread.
static inline bool found_is_there(const Found *found)
{
    return word_load(&found->entry->word) == (found->word ^ found->mask);
}

// Commits the entry's new word if the entry still has the one that was found.
// Otherwise stores the entry's word in *found, and returns false. Any thread,
// for words without a chunk.
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

// Sets the value of the entry that was found, and deletes its key if that is
// VALUE_NONE. There must be room. Returns false, and stores the entry's word in
// *found, if another value is there by now.
bool table_change(Table *table, Found *found, Value value);

// Adds the key, which must be missing. There must be room.
void table_append(Table *table, const Key *key, Value value);

// Completes or drops the half of a change that a killed writer left behind. May
// be killed itself.
void table_recover(Table *table);

// Stores the next item from *position on and moves *position behind it. Start
// with 0; returns false at the end. `kept` are the words of a frozen table
// (block_freeze).
bool table_next(const Table *table, const Word *kept, uint32_t *position,
                Item *item);

// Room (map_space.c).

// Makes it an empty table with this mask, which has room for the need, and for
// more if it is large enough; and in its middle for `kept` words, which lie
// there meanwhile. Returns false, and does nothing, if it is too small.
bool table_start(Table *table, uint64_t mask, const Need *need, uint64_t kept);

// Counts what is alive, after a writer was killed.
void table_count_alive(Table *table);

// The room that it takes to set the value of what was found under the key, or
// to add the key.
Need table_need(const Table *table, const Found *found, const Key *key,
                Value value);

// Whether more than seven eighths would be alive after the change: then it is
// refused. Takes no longer in a full table than in any other.
bool table_is_full_for(const Table *table, const Need *need);

// Makes room in place if there is none yet. Returns false, and does nothing, if
// that cannot be, or if a move could get back more than half of what is used.
bool table_grow(Table *table, const Need *need);

#endif
