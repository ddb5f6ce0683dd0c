#include "base/base.h"
#include "map_table_internal.h"

void table_init(Table *table, uint64_t size)
{
    table->size = size;
    table->most_entries = (uint32_t)((size - sizeof *table) / sizeof(Entry));
    table->number_mask = 1;
    while (table->number_mask <= table->most_entries)
        table->number_mask = table->number_mask * 2 + 1;
}

// Keys.

// As nobody changes a key, it is read like any other bytes.
static Key key_of(const Table *table, const Entry *entry)
{
    uint64_t fingerprint = word_load(&entry->fingerprint);
    Key key = { .bytes = entry->words,
                .size = fingerprint_size(fingerprint),
                .fingerprint = fingerprint & ~AT_MASK,
                .words = { word_load(&entry->words[0]),
                           word_load(&entry->words[1]) } };
    if (key.size == LONG_KEY) {
        const Chunk *chunk = chunk_at(table, key.words[0]);
        key.bytes = chunk->bytes;
        key.size = word_load(&chunk->size);
    }
    return key;
}

static void fill_key(Table *table, Entry *entry, const Key *key)
{
    uint64_t first = key->words[0];
    if (key->size > SHORT_KEY)
        first = chunk_add(table, key->bytes, key->size);
    word_store(&entry->fingerprint, key->fingerprint);
    word_store(&entry->words[0], first);
    word_store(&entry->words[1], key->words[1]);
}

// Values.

bool table_read(const Table *table, uint64_t word, Value *value, void *buffer,
                size_t room)
{
    uint64_t size;
    if (!word_has_chunk(word)) {
        *value = word_value(word);
        return true;
    }
    ValueType type = word_chunk_type(word);
    const Chunk *chunk = chunk_look(table, word_at(word), &size);
    if (chunk == NULL || (type < VALUE_TEXT && size != sizeof(uint64_t)))
        return false;
    if (type < VALUE_TEXT) {
        *value = value_of_bits(type, word_load(chunk->bytes));
    } else {
        *value = (Value){ type, .bytes = buffer, .size = size };
        if (size <= room)
            words_read(chunk->bytes, buffer, size);
    }
    return true;
}

Value table_value(const Table *table, uint64_t word)
{
    if (!word_has_chunk(word))
        return word_value(word);
    ValueType type = word_chunk_type(word);
    const Chunk *chunk = chunk_at(table, word_at(word));
    if (type < VALUE_TEXT)
        return value_of_bits(type, word_load(chunk->bytes));
    return (Value){ type, .bytes = chunk->bytes,
                    .size = word_load(&chunk->size) };
}

static void set_spare(Entry *entry, uint64_t at)
{
    uint64_t fingerprint = word_load(&entry->fingerprint);
    word_store(&entry->fingerprint, (fingerprint & ~AT_MASK) | at);
}

// Puts the value where nobody looks who follows the entry's word, and returns
// the word that will be its own. Until that is committed, the chunk is the
// entry's spare one: so nothing is lost when it is not.
static uint64_t prepare(Table *table, const Found *found, Value value)
{
    uint64_t word, version = 1;
    if (value.type == VALUE_NONE)
        return WORD_DELETED;
    if (word_of(value, &word))
        return word;
    bool has_bytes = value_has_bytes(value);
    const void *bytes = has_bytes ? value.bytes : &value.integer;
    size_t size = has_bytes ? value.size : sizeof value.integer;
    uint64_t at = spare_chunk(found->entry, found->word);
    if (chunk_takes(table, at, size)) {
        version = chunk_write(table, at, bytes, size);
    } else {
        at = chunk_add(table, bytes, size);
        set_spare(found->entry, at);
    }
    return word_of_chunk(value.type, version, at);
}

// The chunk that has the value now is no longer spare, and the one that had it
// is.
static void tidy(Table *table, const Found *before, uint64_t word)
{
    table->alive -= word == WORD_DELETED;
    if (word_has_chunk(word))
        set_spare(before->entry,
                  word_has_chunk(before->word) ? word_at(before->word) : 0);
}

void table_set(Table *table, const Found *found, Value value)
{
    uint64_t word = prepare(table, found, value);
    word_commit(&found->entry->word, word ^ found->mask);
    TRACED(map_moment());
    tidy(table, found, word);
}

bool table_change(Table *table, Found *found, Value value)
{
    Found before = *found;
    uint64_t word = prepare(table, found, value);
    bool changed = found_swap(found, word);
    if (changed)
        tidy(table, &before, word);
    return changed;
}

// The store of the slot is what adds the entry; if a killed writer did not come
// to that, the count is, when the table is recovered.
void table_append(Table *table, const Key *key, Value value, uint32_t slot)
{
    uint32_t number = atomic_load(&table->count);
    Found new = { .entry = entry_at(table, number),
                  .mask = word_load(&table->mask) };
    fill_key(table, new.entry, key);
    uint64_t word = prepare(table, &new, value);
    word_store(&new.entry->word, word ^ new.mask);
    tidy(table, &new, word);
    atomic_store_explicit(&table->count, number + 1, memory_order_release);
    index_add(table, key->fingerprint, number, slot);
    TRACED(map_moment());
    table->alive++;
}

bool table_next(const Table *table, const Word *kept, uint32_t *position,
                Item *item)
{
    while (*position < atomic_load(&table->count)) {
        uint32_t number = (*position)++;
        const Entry *entry = entry_at(table, number);
        uint64_t word = entry_word(table, entry);
        if (word == WORD_FROZEN)
            word = word_load(&kept[number]) ^ word_load(&table->mask);
        if (word != WORD_DELETED) {
            *item = (Item){ key_of(table, entry), table_value(table, word) };
            return true;
        }
    }
    return false;
}

void table_freeze(Table *table, Word *kept)
{
    uint64_t mask = word_load(&table->mask);
    for (uint32_t i = 0; i < atomic_load(&table->count); i++) {
        Found found = { .entry = entry_at(table, i), .mask = mask };
        found.word = entry_word(table, found.entry);
        if (found.word == WORD_DELETED)
            continue;
        do
            word_store(&kept[i], found.word ^ mask);
        while (!found_swap(&found, WORD_FROZEN));
    }
}

void table_thaw(Table *table, const Word *kept)
{
    for (uint32_t i = 0; i < atomic_load(&table->count); i++) {
        Entry *entry = entry_at(table, i);
        if (entry_word(table, entry) == WORD_FROZEN)
            word_commit(&entry->word, word_load(&kept[i]));
    }
}

void table_recover(Table *table)
{
    index_recover(table);
    table->alive = (uint32_t)table_alive(table).entries;
}
