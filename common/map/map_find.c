// Looking up a key, as any thread may do at any time: what it reads may be half
// written, or of another table by now. So nothing is followed that leads
// outside of this one, and nothing is tried more often than there are slots.
#include "base/base.h"
#include "map_table_internal.h"

// The way along the slots by which a key is looked for.
typedef struct Probe {
    Index index;
    uint32_t tag;   // of the slots that may lead to it
    uint32_t next;  // slot
    uint32_t left;  // slots
    uint32_t slot;  // that was looked at last
} Probe;

static inline Probe probe_start(const Table *table, const Key *key,
                                uint64_t index_word)
{
    Index index = index_at(table, index_word);
    return (Probe){ .index = index,
                    .tag = slot_tag(table, key->fingerprint),
                    .next = fingerprint_hash(key->fingerprint),
                    .left = index.mask + 1 };
}

// The next entry that may have the key; NULL when there is none. In a slot may
// be anything.
static inline Entry *probe_next(const Table *table, Probe *probe)
{
    while (probe->left-- > 0) {
        probe->slot =
            slot_load(probe->index, probe->next++ & probe->index.mask);
        uint32_t number = (probe->slot ^ probe->tag) - 1;
        if (number < table->most_entries)
            return entry_at(table, number);
        if (probe->slot == 0)
            break;
    }
    return NULL;
}

static inline bool has_name(const Entry *entry, const Key *key)
{
    return (word_load(&entry->fingerprint) ^ key->fingerprint) >> AT_BITS == 0;
}

static inline bool has_short_key(const Entry *entry, const Key *key)
{
    return has_name(entry, key) &&
           word_load(&entry->words[0]) == key->words[0] &&
           word_load(&entry->words[1]) == key->words[1];
}

static bool has_long_key(const Table *table, const Entry *entry, const Key *key)
{
    uint64_t size, at = word_load(&entry->words[0]);
    if (!has_name(entry, key))
        return false;
    const Chunk *chunk = chunk_look(table, at, &size);
    return chunk && size == key->size &&
           words_equal(chunk->bytes, key->bytes, size);
}

static inline void found_nothing(const Probe *probe, Found *found)
{
    found->entry = NULL;
    found->word = WORD_DELETED;
    found->slot = probe->next - 1;
    found->in_slot = probe->slot;
}

// Says that the entry was found, unless its key is deleted. Then it is nowhere
// behind: it would be in this slot now (index_add).
static inline void found_entry(const Probe *probe, Entry *entry, Found *found)
{
    found->entry = entry;
    found->word = word_load(&entry->word) ^ found->mask;
    if (found->word == WORD_DELETED)
        found_nothing(probe, found);
}

// Apart from the other, which so needs no calls and no stack.
__attribute__((noinline)) static void find_long(const Table *table,
                                                const Key *key, Found *found)
{
    Probe probe = probe_start(table, key, found->index);
    for (Entry *entry; (entry = probe_next(table, &probe)) != NULL;)
        if (has_long_key(table, entry, key)) {
            found_entry(&probe, entry, found);
            return;
        }
    found_nothing(&probe, found);
}

static inline void find_short(const Table *table, const Key *key, Found *found)
{
    Probe probe = probe_start(table, key, found->index);
    for (Entry *entry; (entry = probe_next(table, &probe)) != NULL;)
        if (has_short_key(entry, key)) {
            found_entry(&probe, entry, found);
            return;
        }
    found_nothing(&probe, found);
}

void table_find(const Table *table, const Key *key, Found *found)
{
    found->mask = word_load(&table->mask);
    found->index = word_load(&table->index);
    found->freeze = 0;
    if (key->size <= SHORT_KEY)
        find_short(table, key, found);
    else
        find_long(table, key, found);
    TRACED(map_moment());
}

bool table_still_misses(const Table *table, const Found *found)
{
    Index index = index_of(table);
    return found->entry == NULL && word_load(&table->index) == found->index &&
           slot_load(index, found->slot & index.mask) == found->in_slot;
}
