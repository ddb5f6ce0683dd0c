// The inside of a shared map: a dictionary in one flat block of memory, which
// may be mapped at different addresses.
//
// Two tables. The block has room for two tables (map_table.h), of which one is
// in use. When that is full of garbage, everything alive moves to the other
// one.
//
// Readers take no lock. As with a seqlock, they read optimistically: `in_use`
// is a version, and while it is the same before and after, nothing has moved.
// Otherwise they try again. Unlike a seqlock's, a writer does not count up for
// each change, only for a move: each word is valid by itself.
//
// Numbers are set without the lock, by a compare-and-swap of the entry's word.
// All other changes need the lock. A holder that moves the map, or looks at all
// of it at one moment, first freezes it: it replaces each word with one that no
// swap expects, and keeps the old words in the other table.
//
// The ABA problem: a late compare-and-swap could hit another entry, of a table
// that was started again in the same memory. So each table XORs its words with
// a secret mask of 64 random bits. A word of one table is then never, but by a
// chance of 1 in 2^64, a word of another.
//
// Crashes. A writer may be killed between any two instructions. So every change
// is prepared where no reader looks, and has one commit point. The lock is a
// robust mutex; its next holder completes or drops the rest (block_lock).

#ifndef MAP_BLOCK_H
#define MAP_BLOCK_H

#include "base/names.h"

#include "map_table.h"
#include "os/os.h"

// At the start of the block.
typedef struct Block {
    union {
        struct {
            Secret secret;         // of this map alone; never changes
            uint64_t table_bytes;  // of each table; never changes
            Word in_use;   // counts the moves; the lowest bit: which table
            Word freezes;  // counts freezing and thawing; odd: it is frozen
            Word kept;     // offset in the block of the words kept meanwhile
            Word wait;     // for the lock: milliseconds and 1; 0: no limit
        };
        char line_of_readers[CACHE_LINE];
    };
    union {
        SharedLock lock;
        char line_of_writers[CACHE_LINE];
    };
} Block;

// Makes an empty map in `size` bytes, which has its secret already. Returns
// false if they are too few.
bool block_init(Block *block, size_t size);

// The size of each table of a block of `size` bytes.
uint64_t block_table_bytes(size_t size);

// The mask of the table that is in use after this many moves.
uint64_t block_mask(const Block *block, uint64_t in_use);

static inline Table *block_table_at(const Block *block, uint64_t in_use)
{
    char *first = (char *)(block + 1);
    return (Table *)(first + (in_use & 1) * block->table_bytes);
}

// Any thread, without the lock.

// Replaces the WORD_FROZEN that was found with the word that is kept. Returns
// false if the map was thawed meanwhile.
bool block_look_kept(const Block *block, Found *found);

// Finds the word of the key's value. Returns false if the map has moved
// meanwhile, or was thawed; then *found may be anything.
static inline bool block_look(const Block *block, const Key *key, Found *found)
{
    found->in_use = word_load(&block->in_use);
    table_find(block_table_at(block, found->in_use), key, found);
    if (found->word == WORD_FROZEN && !block_look_kept(block, found))
        return false;
    return word_load(&block->in_use) == found->in_use;
}

// Finds the value itself, VALUE_NONE if the key is missing. Text and bytes are
// copied to the buffer if they fit there; value->size is their size. Returns
// false if the map has moved meanwhile, or the value has changed; then *value
// may be anything.
bool block_read(const Block *block, const Key *key, Value *value, void *buffer,
                size_t room);

// The lock, which all the rest needs.

// Waits as long as the map is set to (block_wait_at_most), then sets errno to
// ETIMEDOUT and returns false.
bool block_lock(Block *block) TRY_ACQUIRES(block->lock);

// In milliseconds, for all that use the map; less than 0: without limit. Any
// thread, without the lock.
void block_wait_at_most(Block *block, long long milliseconds);

// Completes or drops the half of a change that a killed holder left behind.
void block_recover(Block *block) REQUIRES(block->lock);
void block_unlock(Block *block) RELEASES(block->lock);

static inline Table *block_table(const Block *block) REQUIRES(block->lock)
{
    return block_table_at(block, word_load(&block->in_use));
}

// Makes room for the need in the table in use, which may be the other one
// afterwards. Returns false, and changes nothing, if there is none.
bool block_make_room(Block *block, const Need *need) REQUIRES(block->lock);

void block_clear(Block *block) REQUIRES(block->lock);

// Until it is thawed nothing changes at all. Returns where the words are. The
// caller blocks signals meanwhile: a handler that sets a number would find the
// entry frozen, and wait for a lock that its own thread has.
const Word *block_freeze(Block *block) REQUIRES(block->lock);
void block_thaw(Block *block) REQUIRES(block->lock);

// The same for the entry that was found alone, if it has a value that other
// threads may swap: from now on only the caller changes it. A move thaws it.
void block_freeze_entry(Block *block, Found *found) REQUIRES(block->lock);
void block_thaw_entry(Block *block, const Found *found) REQUIRES(block->lock);

#endif
