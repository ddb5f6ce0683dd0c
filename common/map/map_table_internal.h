// What the files of map_table.h share.

#ifndef MAP_TABLE_INTERNAL_H
#define MAP_TABLE_INTERNAL_H

#include "base/names.h"

#include "map_table.h"

static inline Entry *entry_at(const Table *table, uint32_t number)
{
    return (Entry *)(table + 1) + number;
}

static inline uint64_t entry_word(const Table *table, const Entry *entry)
{
    return word_load(&entry->word) ^ word_load(&table->mask);
}

// The index (map_index.c).

typedef struct Index {
    Word *slots;    // two in a word
    uint32_t mask;  // their number, a power of two, less 1
} Index;

// The word that says where it is: the offset, and which power. Of any other
// word the index has one slot, somewhere in the table.
static inline Index index_at(const Table *table, uint64_t word)
{
    uint64_t at = word >> 8 & ~UINT64_C(7), slots = UINT64_C(1) << (word & 31);
    if (at + slots * sizeof(uint32_t) > table->size)
        return (Index){ (Word *)table, 0 };
    return (Index){ (Word *)((char *)table + at), (uint32_t)(slots - 1) };
}

static inline Index index_of(const Table *table)
{
    return index_at(table, word_load(&table->index));
}

// The highest bits of a slot are the hash's, the others the entry's number and
// 1. All zeros: it is free, and who looks for a key need not look further.
static inline uint32_t slot_load(Index index, uint32_t i)
{
    return (uint32_t)(word_load(&index.slots[i / 2]) >> i % 2 * 32);
}

static inline uint32_t slot_tag(const Table *table, uint64_t fingerprint)
{
    return (uint32_t)(fingerprint >> 32) & ~table->number_mask;
}

// How many slots an index for so many entries has, at least.
uint64_t index_slots_for(uint64_t entries);
uint64_t index_bytes(uint64_t slots);

// Makes an index of so many slots, for all that is alive, take the place of the
// one that there is. There must be room.
void index_start(Table *table, uint64_t slots);

// Puts the entry in the first slot from this one on that is free, or has the
// same key as a deleted one: so a key that comes and goes does not collide with
// itself. The store of the slot is what adds it for others.
void index_add(Table *table, uint64_t fingerprint, uint32_t number,
               uint32_t slot);

void index_recover(Table *table);

// Chunks of the arena (map_arena.c).

typedef struct Chunk {
    Word room;  // how many bytes fit, and how often it has been written
    Word size;  // of what is there, in bytes
    Word bytes[];
} Chunk;

// How much of the arena a chunk for so many bytes takes.
uint64_t chunk_bytes(uint64_t size);

static inline uint64_t chunk_room(const Chunk *chunk)
{
    return word_load(&chunk->room) >> VERSION_BITS;
}

static inline Chunk *chunk_at(const Table *table, uint64_t at)
{
    return (Chunk *)((char *)table + at * sizeof(Word));
}

// The same for anything. Returns NULL if there can be no chunk, or none of the
// size that it says.
const Chunk *chunk_look(const Table *table, uint64_t at, uint64_t *size);

// Writes the bytes to a new chunk, for which there must be room. Returns where
// it is.
uint64_t chunk_add(Table *table, const void *bytes, uint64_t size);

// Writes them to this one. Returns its version.
uint64_t chunk_write(Table *table, uint64_t at, const void *bytes,
                     uint64_t size);

// Whether they fit there, and there are versions left.
bool chunk_takes(const Table *table, uint64_t at, uint64_t size);

// A chunk of the entry that its word does not speak of; 0: there is none. A
// killed writer may have left one here that the word does speak of.
static inline uint64_t spare_chunk(const Entry *entry, uint64_t word)
{
    uint64_t at = word_load(&entry->fingerprint) & AT_MASK;
    return word_has_chunk(word) && word_at(word) == at ? 0 : at;
}

#endif
