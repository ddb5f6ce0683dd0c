#include "base/base.h"
#include "map_table_internal.h"

enum {
    FEWEST_BYTES = 4096,
    MORE_ENTRIES = 24,
    NUMBER_BYTES = sizeof(Chunk) + sizeof(Word)
};

static uint64_t used(const Table *table)
{
    uint64_t count = atomic_load(&table->count);
    return sizeof *table + count * sizeof(Entry) + table->size - table->arena;
}

static uint64_t size_of(const Need *need)
{
    return need->entries * sizeof(Entry) + need->bytes;
}

// What is left free, in a table of so many entries. The words of a frozen table
// go to the other one, and so there must be room for them. And a number that is
// set where something was may need a chunk, but is not to be refused: so all
// that may be refused leaves as much free as it takes if every entry gets such
// a number, and then one a new one.
static uint64_t left_free(uint64_t entries, const Need *need)
{
    uint64_t each = sizeof(Word) + (need->number ? 0 : NUMBER_BYTES);
    return (entries + 1) * each;
}

// How much of the arena a chunk takes that is there. It may not be: a map that
// is checked is put in order before it is known to be whole (map_check.c).
static uint64_t bytes_at(const Table *table, uint64_t at)
{
    uint64_t size;
    return chunk_look(table, at, &size) ? chunk_bytes(size) : 0;
}

Need table_alive(const Table *table)
{
    Need all = { 0 };
    for (uint32_t i = 0; i < atomic_load(&table->count); i++) {
        const Entry *entry = entry_at(table, i);
        uint64_t word = entry_word(table, entry);
        if (word == WORD_DELETED)
            continue;
        all.entries++;
        if (word_has_chunk(word))
            all.bytes += bytes_at(table, word_at(word));
        if (fingerprint_size(word_load(&entry->fingerprint)) == LONG_KEY)
            all.bytes += bytes_at(table, word_load(&entry->words[0]));
    }
    return all;
}

static uint64_t bytes_for_key(const Key *key)
{
    return key->size > SHORT_KEY ? chunk_bytes(key->size) : 0;
}

static uint64_t bytes_for_value(Value value)
{
    uint64_t word;
    if (value.type == VALUE_NONE || word_of(value, &word))
        return 0;
    return chunk_bytes(value_has_bytes(value) ? value.size : sizeof(uint64_t));
}

Need table_need(const Table *table, const Found *found, const Key *key,
                Value value)
{
    Need need = { .bytes = bytes_for_value(value) };
    if (found->entry == NULL) {
        need.entries = 1;
        need.bytes += bytes_for_key(key);
    } else {
        need.number = !value_has_bytes(value);
        if (need.bytes > 0 &&
            chunk_takes(table, spare_chunk(found->entry, found->word),
                        need.bytes - sizeof(Chunk)))
            need.bytes = 0;
    }
    return need;
}

static bool index_has_room(const Table *table, uint64_t entries)
{
    return 2 * (table->slots_used + entries) <= table->slots;
}

bool table_has_room(const Table *table, const Need *need)
{
    uint64_t entries = atomic_load(&table->count) + need->entries;
    return size_of(need) == 0 ||
           (used(table) + size_of(need) + left_free(entries, need) <=
                table->limit &&
            index_has_room(table, need->entries));
}

// Sets the limit to twice what is used when this is added, if there is so much.
static void set_limit(Table *table, uint64_t more)
{
    uint64_t limit = 2 * (used(table) + more);
    if (limit < FEWEST_BYTES)
        limit = FEWEST_BYTES;
    table->limit = limit < table->size ? limit : table->size;
}

// A new index has as many free slots as there are entries, deleted ones too: to
// make it takes as long as to look at all of them.
static uint64_t slots_to_add(const Table *table, uint64_t alive,
                             uint64_t entries)
{
    uint64_t count = atomic_load(&table->count);
    return index_has_room(table, entries)
               ? 0
               : index_slots_for(alive + entries + count + MORE_ENTRIES);
}

bool table_grow(Table *table, const Need *need)
{
    Need alive = table_alive(table);
    uint64_t slots = slots_to_add(table, alive.entries, need->entries);
    uint64_t kept = sizeof *table + size_of(&alive) +
                    index_bytes(index_slots_for(alive.entries));
    uint64_t count = atomic_load(&table->count) + need->entries;
    uint64_t more = size_of(need) + left_free(count, need) +
                    index_bytes(slots) + CACHE_LINE;
    if (2 * kept <= used(table) || used(table) + more > table->size)
        return false;
    if (slots)
        index_start(table, slots);
    set_limit(table, more);
    return true;
}

// How many slots the index gets: as many as for twice the entries, or the
// fewest if there is no room for those.
static uint64_t slots_in(uint64_t free, const Need *need)
{
    const Need refusable = { need->entries, need->bytes, .number = false };
    uint64_t slots = index_slots_for(2 * need->entries + MORE_ENTRIES);
    uint64_t more = size_of(need) + left_free(need->entries, &refusable);
    return more + index_bytes(slots) <= free ? slots
                                             : index_slots_for(need->entries);
}

bool table_start(Table *table, uint64_t mask, const Need *need, uint64_t kept)
{
    uint64_t free = table->size - sizeof *table;
    uint64_t slots = slots_in(free, need);
    uint64_t more = size_of(need) + left_free(need->entries, need);
    if (more + index_bytes(slots) > free ||
        size_of(need) + index_bytes(slots) + kept * sizeof(Word) > free)
        return false;
    atomic_store(&table->count, 0);
    table->alive = 0;
    table->arena = table->size;
    word_store(&table->mask, mask);
    index_start(table, slots);
    set_limit(table, more);
    return true;
}
