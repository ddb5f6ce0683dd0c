// The inside of a shared map: a dictionary in one flat block of memory, which
// may be mapped at different addresses.
//
// The block has room for two tables (map_table.h), and one of them is in use.
// When it is full of what is no longer needed, what is alive moves to the other
// one. Who reads takes no lock, but looks at `in_use` before and after: while
// that is the same, nothing has moved.
//
// Who sets a number where something was takes no lock either. It swaps the word
// of the entry that it has found for another one, if that is still the same.
// All other changes are made by the one who has the lock. To move the map, or
// to see it as it is at one moment, that one freezes it: it puts a word that
// nobody expects in the place of each, and what was there to the other table.
//
// A word that is found, and swapped a long time later, might by then be another
// entry's: of a table that was started anew in the same memory. But there it
// cannot be the same. For in memory each word is masked, with 64 bits that are
// a table's own and secret: in another table nobody can make it come out alike,
// and by chance it never will.
//
// A writer may be killed between any two instructions. So every change is
// prepared where nobody looks, and then comes true with one store. What else
// the holder of the lock had half done, block_lock puts in order.

#ifndef MAP_BLOCK_H
#define MAP_BLOCK_H

#include "base/names.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "map_table.h"
#include "os/os.h"

// At the start of the block.
typedef struct Block {
    union {
        struct {
            Secret secret;         // of this map alone; never changes
            uint64_t table_bytes;  // of each table; never changes
            Word in_use;   // counts the moves; the lowest bit says which table
            Word freezes;  // counts freezing and thawing; odd: it is frozen
            Word kept;     // where the words are then, from the block on
        };
        char line_of_readers[CACHE_LINE];
    };
    union {
        SharedLock lock;
        char line_of_writers[CACHE_LINE];
    };
} Block;

// Makes an empty map in `size` bytes. Returns false if they are too few.
bool block_init(Block *block, size_t size);
void block_destroy(Block *block);

// How many bytes each table of such a block has.
uint64_t block_table_bytes(size_t size);

// The mask of the table that is in use after so many moves.
uint64_t block_mask(const Block *block, uint64_t in_use);

static inline Table *block_table_at(const Block *block, uint64_t in_use)
{
    char *first = (char *)(block + 1);
    return (Table *)(first + (in_use & 1) * block->table_bytes);
}

// Any thread, without the lock.

// Finds the word of the key's value. Returns false when the map has moved
// meanwhile, or was thawed; then *found may be anything.
static inline bool block_look(const Block *block, const Key *key, Found *found);

// Finds the value itself, VALUE_NONE when the key is missing. Text and bytes go
// to the buffer if they fit there; value->size says how large they are. Returns
// false when the map has moved meanwhile, or the value has changed; then *value
// may be anything.
bool block_read(const Block *block, const Key *key, Value *value, void *buffer,
                size_t room);

// For block_look: the word in the place of which WORD_FROZEN is.
bool block_look_kept(const Block *block, Found *found);

static inline bool block_look(const Block *block, const Key *key, Found *found)
{
    found->in_use = word_load(&block->in_use);
    table_find(block_table_at(block, found->in_use), key, found);
    if (found->word == WORD_FROZEN && !block_look_kept(block, found))
        return false;
    return word_load(&block->in_use) == found->in_use;
}

// The lock, with which everything else goes.

void block_lock(Block *block) ACQUIRES(block->lock);
void block_unlock(Block *block) RELEASES(block->lock);

static inline Table *block_table(const Block *block) REQUIRES(block->lock)
{
    return block_table_at(block, word_load(&block->in_use));
}

// Gives room for so much in the table in use, which may be another one then.
// Returns false, and changes nothing, when there is none.
bool block_make_room(Block *block, const Need *need) REQUIRES(block->lock);

// Returns false, and changes nothing, when there is no room. *before is what
// was found without the lock; it saves work if it is still right, and may be
// NULL.
bool block_set(Block *block, const Key *key, Value value, const Found *before)
    REQUIRES(block->lock);

bool block_delete(Block *block, const Key *key) REQUIRES(block->lock);
void block_clear(Block *block) REQUIRES(block->lock);

// Until it is thawed nothing changes at all. Returns where the words are.
const Word *block_freeze(Block *block) REQUIRES(block->lock);
void block_thaw(Block *block) REQUIRES(block->lock);

#endif
