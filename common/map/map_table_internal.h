// What the files of map_table.h share.

#ifndef MAP_TABLE_INTERNAL_H
#define MAP_TABLE_INTERNAL_H

#include "base/names.h"

#include "map_table.h"

// With the map's lock, which orders it: relaxed.
static inline uint32_t entry_count(const Table *table)
{
    return atomic_load_explicit(&table->count, memory_order_relaxed);
}

static inline Entry *entry_at(const Table *table, uint32_t number)
{
    return (Entry *)(table + 1) + number;
}

static inline uint64_t entry_word(const Table *table, const Entry *entry)
{
    return word_load(&entry->word) ^ word_load(&table->mask);
}

// The index (map_index.c).

typedef _Atomic uint32_t Slot;

typedef struct Index {
    Slot *slots;
    uint32_t mask;  // their number, a power of two, less 1
} Index;

// The table's word says where the index is: its offset, and which power. Of
// garbage it makes one slot, somewhere in the table.
static inline Index index_of(const Table *table)
{
    uint64_t word = word_load(&table->index);
    uint64_t at = word >> 8 & ~UINT64_C(7), slots = UINT64_C(1) << (word & 31);
    if (at + slots * sizeof(Slot) > table->size)
        return (Index){ (Slot *)table, 0 };
    return (Index){ (Slot *)((char *)table + at), (uint32_t)(slots - 1) };
}

// The highest bits of a slot are the hash's (its tag), the others the entry's
// number plus 1. A slot of zeros is free, and ends a lookup.
static inline uint32_t slot_load(Index index, uint32_t i)
{
    return atomic_load_explicit(&index.slots[i], memory_order_seq_cst);
}

static inline uint32_t slot_tag(const Table *table, uint64_t fingerprint)
{
    return (uint32_t)(fingerprint >> 32) & ~table->number_mask;
}

// The key of an entry. Any thread may read it: no thread changes a key.
Key entry_key(const Table *table, const Entry *entry);

// The smallest number of slots of an index for this many entries.
uint64_t index_slots_for(uint64_t entries);
uint64_t index_bytes(uint64_t slots);

// Replaces the index with one of this many slots, for everything alive. There
// must be room.
void index_start(Table *table, uint64_t slots);

// Puts the entry in the index: the store of the slot publishes it.
void index_add(Table *table, uint32_t number);

// Chunks of the arena (map_space.c).

typedef struct Chunk {
    Word room;  // how many bytes fit, and the version
    Word size;  // of the contents, in bytes
    alignas(Word) Word bytes[];
} Chunk;

// How much of the arena a chunk for `size` bytes takes.
uint64_t chunk_bytes(uint64_t size);

static inline uint64_t chunk_room(const Chunk *chunk)
{
    return word_load(&chunk->room) >> VERSION_BITS;
}

static inline Chunk *chunk_at(const Table *table, uint64_t at)
{
    return (Chunk *)((char *)table + at * sizeof(Word));
}

// The chunk at any offset, and its size. Returns NULL if no chunk fits there,
// or none of the size that it says. Any thread.
const Chunk *chunk_look(const Table *table, uint64_t at, uint64_t *size);

// Writes the bytes to a new chunk, for which there must be room. Returns its
// offset.
uint64_t chunk_add(Table *table, const void *bytes, uint64_t size);

// Writes the bytes to this chunk. Returns its new version.
uint64_t chunk_write(Table *table, uint64_t at, const void *bytes,
                     uint64_t size);

// How much of the arena the value of this word takes, and the entry's key.
uint64_t word_bytes(const Table *table, uint64_t word);
uint64_t key_bytes(const Table *table, const Entry *entry);

// Whether the bytes fit there, and there is a version left.
bool chunk_takes(const Table *table, uint64_t at, uint64_t size);

// The entry's spare chunk: the one that its word does not point to; 0 if there
// is none. A killed writer may have left the offset of the word's own chunk.
static inline uint64_t spare_chunk(const Entry *entry, uint64_t word)
{
    uint64_t at = word_load(&entry->fingerprint) & AT_MASK;
    return word_has_chunk(word) && word_at(word) == at ? 0 : at;
}

#endif
