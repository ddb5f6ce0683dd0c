#include "base/base.h"
#include "map_table_internal.h"

enum { FEWEST_SLOTS = 16 };  // that fill a line

uint64_t index_slots_for(uint64_t entries)
{
    uint64_t slots = FEWEST_SLOTS;
    while (slots < 2 * entries)
        slots *= 2;
    return slots;
}

uint64_t index_bytes(uint64_t slots)
{
    return slots / 2 * sizeof(Word);
}

// Where a slot is in its word.
typedef struct Place {
    Word *word;
    unsigned shift;
} Place;

// The first free slot from this one on. Half of them are free, unless the map
// is damaged.
static Place free_place(Index index, uint32_t slot)
{
    uint32_t i = slot & index.mask, left = index.mask;
    while (left-- > 0 && slot_load(index, i) != 0)
        i = (i + 1) & index.mask;
    return (Place){ &index.slots[i / 2], i % 2 * 32 };
}

// The word with the entry's slot in it. Nobody else changes it.
static uint64_t with_slot(const Table *table, Place place, uint64_t fingerprint,
                          uint32_t number)
{
    uint64_t slot = slot_tag(table, fingerprint) | (number + 1);
    uint64_t others =
        word_load(place.word) & ~((uint64_t)UINT32_MAX << place.shift);
    return others | slot << place.shift;
}

static bool same_key(const Table *table, const Entry *a, const Entry *b)
{
    uint64_t fingerprint = word_load(&a->fingerprint), size_a, size_b;
    uint64_t at_a = word_load(&a->words[0]), at_b = word_load(&b->words[0]);
    if ((fingerprint ^ word_load(&b->fingerprint)) >> AT_BITS != 0)
        return false;
    if (fingerprint_size(fingerprint) != LONG_KEY)
        return at_a == at_b &&
               word_load(&a->words[1]) == word_load(&b->words[1]);
    const Chunk *chunk_a = chunk_look(table, at_a, &size_a);
    const Chunk *chunk_b = chunk_look(table, at_b, &size_b);
    return chunk_a && chunk_b && size_a == size_b &&
           words_equal(chunk_a->bytes, (const void *)chunk_b->bytes, size_a);
}

// Whether there is a deleted entry in the slot, with the key of this one.
static bool has_deleted(const Table *table, uint32_t slot, uint64_t fingerprint,
                        uint32_t number)
{
    uint32_t other = (slot ^ slot_tag(table, fingerprint)) - 1;
    if (other >= number)
        return false;
    const Entry *entry = entry_at(table, other);
    return entry_word(table, entry) == WORD_DELETED &&
           same_key(table, entry, entry_at(table, number));
}

void index_add(Table *table, uint64_t fingerprint, uint32_t number,
               uint32_t slot)
{
    Index index = index_of(table);
    uint32_t i = slot & index.mask, left = index.mask, in_slot;
    while ((in_slot = slot_load(index, i)) != 0 && left-- > 0 &&
           !has_deleted(table, in_slot, fingerprint, number))
        i = (i + 1) & index.mask;
    Place place = { &index.slots[i / 2], i % 2 * 32 };
    word_commit(place.word, with_slot(table, place, fingerprint, number));
    table->slots_used += in_slot == 0;
}

// To an index that is nobody's yet. Returns how many there are.
static uint32_t add_alive(const Table *table, Index index)
{
    uint32_t count = atomic_load(&table->count), added = 0;
    for (uint32_t i = 0; i < count; i++) {
        const Entry *entry = entry_at(table, i);
        if (entry_word(table, entry) == WORD_DELETED)
            continue;
        uint64_t fingerprint = word_load(&entry->fingerprint);
        Place place = free_place(index, fingerprint_hash(fingerprint));
        word_store(place.word, with_slot(table, place, fingerprint, i));
        added++;
    }
    return added;
}

// The store of the table's word is what makes it the index.
void index_start(Table *table, uint64_t slots)
{
    uint64_t at = (table->arena - index_bytes(slots)) / CACHE_LINE * CACHE_LINE;
    unsigned bits = 0;
    while (UINT64_C(1) << bits < slots)
        bits++;
    table->arena = at;
    Index index = { (Word *)((char *)table + at), (uint32_t)slots - 1 };
    words_clear(index.slots, slots / 2);
    uint32_t added = add_alive(table, index);
    word_commit(&table->index, at << 8 | bits);
    table->slots = (uint32_t)slots;
    table->slots_used = added;
}

// A killed writer may have counted an entry, but not put it in the index: then
// it is the last one.
void index_recover(Table *table)
{
    Index index = index_of(table);
    uint32_t count = atomic_load(&table->count);
    bool missing = count > 0 && entry_word(table, entry_at(table, count - 1)) !=
                                    WORD_DELETED;
    uint32_t used = 0;
    for (uint64_t i = 0; i <= index.mask; i++) {
        uint32_t slot = slot_load(index, (uint32_t)i);
        used += slot != 0;
        missing = missing && (slot & table->number_mask) != count;
    }
    table->slots = index.mask + 1;
    table->slots_used = used;
    if (missing) {
        uint64_t fingerprint =
            word_load(&entry_at(table, count - 1)->fingerprint);
        index_add(table, fingerprint, count - 1, fingerprint_hash(fingerprint));
    }
}
