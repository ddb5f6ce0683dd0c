// The index of a table: a hash table with open addressing and linear probing,
// never more than half full. Its slots hold entry numbers (a compact dict).
// Lookups take no lock: a slot, and the entry that it leads to, may be half
// written or belong to another table by now. So a lookup follows nothing that
// leads outside of the table, and makes at most as many steps as there are
// slots. The store of a slot is the linearization point of adding a key.
#include "base/base.h"

#include "map_table_internal.h"

enum { FEWEST_SLOTS = 16 };  // fill a cache line

uint64_t index_slots_for(uint64_t entries)
{
    uint64_t slots = FEWEST_SLOTS;
    while (slots < 2 * entries)
        slots *= 2;
    return slots;
}

uint64_t index_bytes(uint64_t slots)
{
    return slots * sizeof(Slot);
}

// Looking up.

Key entry_key(const Table *table, const Entry *entry)
{
    uint64_t fingerprint = word_load(&entry->fingerprint);
    Key key = { .bytes = entry->words,
                .size = fingerprint_size(fingerprint),
                .fingerprint = fingerprint & ~AT_MASK,
                .words = { word_load(&entry->words[0]),
                           word_load(&entry->words[1]) } };
    if (key.size == LONG_KEY) {
        uint64_t size;
        const Chunk *chunk = chunk_look(table, key.words[0], &size);
        key.bytes = chunk ? chunk->bytes : NULL;
        key.size = chunk ? (size_t)size : 0;  // 0: the map is damaged
    }
    return key;
}

static inline bool has_key(const Table *table, const Entry *entry,
                           const Key *key)
{
    if ((word_load(&entry->fingerprint) ^ key->fingerprint) >> AT_BITS != 0)
        return false;
    uint64_t first = word_load(&entry->words[0]), size;
    if (key->size <= SHORT_KEY)
        return first == key->words[0] &&
               word_load(&entry->words[1]) == key->words[1];
    const Chunk *chunk = chunk_look(table, first, &size);
    return chunk && size == key->size &&
           words_equal(chunk->bytes, key->bytes, size);
}

// A deleted entry with the key ends the lookup, as a free slot does: the key is
// nowhere behind, because index_add would have reused this slot for it.
void table_find(const Table *table, const Key *key, Found *found)
{
    uint64_t mask = word_load(&table->mask);
    Index index = index_of(table);
    uint32_t tag = slot_tag(table, key->fingerprint), left = index.mask + 1;
    uint32_t i = fingerprint_hash(key->fingerprint);
    *found =
        (Found){ .word = WORD_DELETED, .mask = mask, .in_use = found->in_use };
    while (left-- > 0) {
        uint32_t slot = slot_load(index, i++ & index.mask);
        uint32_t number = (slot ^ tag) - 1;
        if (number < table->most_entries &&
            has_key(table, entry_at(table, number), key)) {
            Entry *entry = entry_at(table, number);
            found->word = word_load(&entry->word) ^ mask;
            found->entry = found->word == WORD_DELETED ? NULL : entry;
            break;
        }
        if (slot == 0)
            break;
    }
    TRACED(map_moment());
}

// Changing.

// Whether that is an earlier entry, deleted, with the key of this one.
static bool is_deleted_twin(const Table *table, uint32_t other, uint32_t number)
{
    if (other >= number ||
        entry_word(table, entry_at(table, other)) != WORD_DELETED)
        return false;
    Key key = entry_key(table, entry_at(table, number));
    return has_key(table, entry_at(table, other), &key);
}

// Puts the entry in the first slot from its hash on that is free, or leads to a
// deleted entry with the same key. So a key that comes and goes does not
// collide with itself. Half of the slots are free, unless the map is damaged.
// Returns whether the slot was free.
static bool take_slot(const Table *table, Index index, uint32_t number)
{
    uint64_t fingerprint = word_load(&entry_at(table, number)->fingerprint);
    uint32_t tag = slot_tag(table, fingerprint), left = index.mask, in_slot;
    uint32_t i = fingerprint_hash(fingerprint) & index.mask;
    while ((in_slot = slot_load(index, i)) != 0 && left-- > 0 &&
           !is_deleted_twin(table, (in_slot ^ tag) - 1, number))
        i = (i + 1) & index.mask;
    atomic_store_explicit(&index.slots[i], tag | (number + 1), COMMIT_ORDER);
    return in_slot == 0;
}

void index_add(Table *table, uint32_t number)
{
    table->slots_used += take_slot(table, index_of(table), number);
}

// No thread reads the new index before its offset is committed.
void index_start(Table *table, uint64_t slots)
{
    uint64_t at = (table->arena - index_bytes(slots)) / CACHE_LINE * CACHE_LINE;
    unsigned bits = (unsigned)__builtin_ctzll(slots);  // a power of two
    table->arena = at;
    Index index = { (Slot *)((char *)table + at), (uint32_t)slots - 1 };
    for (uint64_t i = 0; i < slots; i++)
        atomic_store_explicit(&index.slots[i], 0, memory_order_release);
    uint32_t used = 0;
    for (uint32_t i = 0; i < entry_count(table); i++)
        if (entry_word(table, entry_at(table, i)) != WORD_DELETED)
            used += take_slot(table, index, i);
    word_commit(&table->index, at << 8 | bits);
    table->slots = (uint32_t)slots;
    table->slots_used = used;
}

// A killed writer may have counted the last entry, and not indexed it.
void table_recover(Table *table)
{
    Index index = index_of(table);
    uint32_t count = entry_count(table), used = 0;
    bool missing = count > 0 && entry_word(table, entry_at(table, count - 1)) !=
                                    WORD_DELETED;
    for (uint64_t i = 0; i <= index.mask; i++) {
        uint32_t slot = slot_load(index, (uint32_t)i);
        used += slot != 0;
        missing = missing && (slot & table->number_mask) != count;
    }
    table->slots = index.mask + 1;
    table->slots_used = used;
    if (missing)
        index_add(table, count - 1);
    table_count_alive(table);
}
