#include "base/base.h"

#include "map_check.h"

#include "map_table_internal.h"
#include "siphash.h"

// The table that is looked at. Every word of it belongs to one thing at most:
// whoever finds a word that is marked has found two things that overlap.
typedef struct Check {
    const Table *table;
    const Secret *secret;
    uint32_t count;
    Mark *marks;
} Check;

enum { WORD_BYTES = sizeof(Word) };

static bool take_words(const Check *check, uint64_t at, uint64_t words)
{
    for (uint64_t i = at; i < at + words; i++) {
        Mark bit = (Mark)(1 << i % 8);
        if (check->marks[i / 8] & bit)
            return false;
        check->marks[i / 8] |= bit;
    }
    return true;
}

// Sizes.

static bool table_has_size(const Table *table, uint64_t size)
{
    Table same;
    table_init(&same, size);
    return table->size == size && table->most_entries == same.most_entries &&
           table->number_mask == same.number_mask;
}

bool block_has_sizes(const Block *block, size_t size)
{
    return size >= sizeof *block + 2 * sizeof(Table) &&
           block->table_bytes == block_table_bytes(size) &&
           table_has_size(block_table_at(block, 0), block->table_bytes) &&
           table_has_size(block_table_at(block, 1), block->table_bytes);
}

size_t block_marks(const Block *block)
{
    return block->table_bytes / WORD_BYTES / 8;
}

// What is where.

static bool index_fits(const Table *table)
{
    uint64_t word = word_load(&table->index), at = word >> 8, bits = word & 255;
    return at % CACHE_LINE == 0 && at >= table->arena && at < table->size &&
           bits >= 4 && bits < 32 &&
           index_bytes(UINT64_C(1) << bits) <= table->size - at;
}

// There is also room for the words of a frozen table, in the other one.
static bool parts_fit(const Table *table)
{
    uint64_t count = atomic_load(&table->count);
    uint64_t least = sizeof *table + count * sizeof(Entry);
    return count <= table->most_entries && table->arena % WORD_BYTES == 0 &&
           table->arena <= table->size &&
           least + (count + 1) * WORD_BYTES <= table->arena &&
           table->limit <= table->size && index_fits(table);
}

// Chunks.

static bool take_chunk(const Check *check, uint64_t at)
{
    const Table *table = check->table;
    uint64_t size, most = table->size / WORD_BYTES;
    if (at < table->arena / WORD_BYTES || at >= most)
        return false;
    const Chunk *chunk = chunk_look(table, at, &size);
    if (chunk == NULL)
        return false;
    uint64_t room = chunk_room(chunk), words = room / WORD_BYTES;
    return room % WORD_BYTES == 0 && size <= room &&
           words <= most - at - sizeof(Chunk) / WORD_BYTES &&
           take_words(check, at, sizeof(Chunk) / WORD_BYTES + words);
}

static bool word_is_known(uint64_t word)
{
    return word_has_int(word) || word >= WORD_REAL || word == WORD_NULL ||
           word == WORD_FALSE || word == WORD_TRUE;
}

static bool take_value(const Check *check, uint64_t word)
{
    if (!word_has_chunk(word))
        return word_is_known(word);
    uint64_t size, at = word_at(word);
    return take_chunk(check, at) && chunk_look(check->table, at, &size) &&
           (word_chunk_type(word) >= VALUE_TEXT || size == sizeof(uint64_t));
}

static bool take_spare(const Check *check, const Entry *entry, uint64_t word)
{
    uint64_t at = spare_chunk(entry, word);
    return at == 0 || take_chunk(check, at);
}

// Keys.

static bool has_long_fingerprint(const Check *check, const Entry *entry,
                                 uint64_t fingerprint)
{
    Key key;
    uint64_t size, at = word_load(&entry->words[0]);
    if (!take_chunk(check, at))
        return false;
    const Chunk *chunk = chunk_look(check->table, at, &size);
    if (chunk == NULL || size <= SHORT_KEY)
        return false;
    key_init(&key, check->secret, chunk->bytes, size);
    return key.fingerprint == fingerprint;
}

static bool has_short_fingerprint(const Check *check, const Entry *entry,
                                  uint64_t fingerprint)
{
    Key key;
    key_init(&key, check->secret, entry->words, fingerprint_size(fingerprint));
    return key.fingerprint == fingerprint &&
           word_load(&entry->words[0]) == key.words[0] &&
           word_load(&entry->words[1]) == key.words[1];
}

static bool take_key(const Check *check, const Entry *entry)
{
    uint64_t fingerprint = word_load(&entry->fingerprint) & ~AT_MASK;
    if (fingerprint_size(fingerprint) == LONG_KEY)
        return has_long_fingerprint(check, entry, fingerprint);
    return fingerprint_size(fingerprint) <= SHORT_KEY &&
           has_short_fingerprint(check, entry, fingerprint);
}

// Nothing follows what is in a deleted entry.
static bool take_entries(const Check *check)
{
    uint32_t alive = 0;
    for (uint32_t i = 0; i < check->count; i++) {
        const Entry *entry = entry_at(check->table, i);
        uint64_t word = entry_word(check->table, entry);
        if (word == WORD_DELETED)
            continue;
        alive++;
        if (!take_key(check, entry) || !take_value(check, word) ||
            !take_spare(check, entry, word))
            return false;
    }
    return alive == check->table->alive;
}

// The index.

// Whether who looks for the entry's key comes to this slot. `run` slots before
// it are taken, without a gap.
static bool take_slot(const Check *check, Index index, uint32_t i, uint32_t run)
{
    uint32_t slot = slot_load(index, i);
    uint32_t number = (slot & check->table->number_mask) - 1;
    if (number >= check->count)
        return false;
    const Entry *entry = entry_at(check->table, number);
    uint64_t fingerprint = word_load(&entry->fingerprint);
    uint64_t at = (uint64_t)((char *)entry - (char *)check->table);
    return (slot & ~check->table->number_mask) ==
               slot_tag(check->table, fingerprint) &&
           ((i - fingerprint_hash(fingerprint)) & index.mask) <= run &&
           take_words(check, at / WORD_BYTES, sizeof(Entry) / WORD_BYTES);
}

static bool is_in_index(const Check *check, const Entry *entry)
{
    uint64_t at = (uint64_t)((char *)entry - (char *)check->table) / WORD_BYTES;
    return check->marks[at / 8] >> at % 8 & 1;
}

static bool take_slots(const Check *check, Index index)
{
    uint32_t first = 0, used = 0, run = 0;
    while (first < index.mask && slot_load(index, first) != 0)
        first++;
    for (uint32_t left = index.mask, i = first + 1; left > 0; left--, i++) {
        bool taken = slot_load(index, i & index.mask) != 0;
        if (taken && !take_slot(check, index, i & index.mask, run))
            return false;
        run = taken ? run + 1 : 0;
        used += taken;
    }
    return slot_load(index, first) == 0 && used == check->table->slots_used;
}

static bool take_index(const Check *check)
{
    const Table *table = check->table;
    Index index = index_of(table);
    uint64_t at = (uint64_t)((char *)index.slots - (char *)table);
    uint32_t slots = index.mask + 1;
    if (table->slots != slots || table->slots_used > slots / 2 ||
        !take_words(check, at / WORD_BYTES, slots / 2) ||
        !take_slots(check, index))
        return false;
    for (uint32_t i = 0; i < check->count; i++) {
        const Entry *entry = entry_at(table, i);
        if (entry_word(table, entry) != WORD_DELETED &&
            !is_in_index(check, entry))
            return false;
    }
    return true;
}

// Order.

static bool kept_fits(const Block *block, const Table *table)
{
    uint64_t at = word_load(&block->kept);
    uint64_t bytes = atomic_load(&table->count) * (uint64_t)WORD_BYTES;
    uint64_t end = sizeof *block + 2 * block->table_bytes;
    return at % WORD_BYTES == 0 && at >= sizeof *block && at <= end &&
           bytes <= end - at;
}

// As whoever gets the lock next does.
static bool put_in_order(Block *block) REQUIRES(block->lock)
{
    if (word_load(&block->freezes) % 2 == 1) {
        if (!kept_fits(block, block_table(block)))
            return false;
        block_thaw(block);
    }
    table_recover(block_table(block));
    return true;
}

bool block_is_sound(Block *block, bool left, Mark *marks)
{
    const Table *table = block_table(block);
    if (!parts_fit(table) || (left && !put_in_order(block)))
        return false;
    const Check check = { .table = table,
                          .secret = &block->secret,
                          .count = atomic_load(&table->count),
                          .marks = marks };
    uint64_t mask = block_mask(block, word_load(&block->in_use));
    return word_load(&block->freezes) % 2 == 0 &&
           word_load(&table->mask) == mask && take_entries(&check) &&
           take_index(&check);
}
