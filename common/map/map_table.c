// The entries of a table: values are set, added and read here. The invariant: a
// change is prepared where no reader looks (in a chunk that no word points to),
// and then committed with one store. A writer that is killed at any instruction
// leaves the old value or the new one, and at most some counts to recover.
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

// Reading.

// Stores it where it is wanted: a get of a text is measurably slower with a
// copy.
static void look(const Table *table, uint64_t word, Value *value)
{
    if (!word_has_chunk(word)) {
        *value = word_value(word);
        return;
    }
    ValueType type = word_chunk_type(word);
    uint64_t size;
    const Chunk *chunk = chunk_look(table, word_at(word), &size);
    if (chunk && type >= VALUE_TEXT)
        *value = (Value){ type, .bytes = chunk->bytes, .size = size };
    else if (chunk && size == sizeof(uint64_t))
        *value = value_of_bits(type, word_load(chunk->bytes));
    else
        *value = value_none();
}

Value table_value(const Table *table, uint64_t word)
{
    Value value;
    look(table, word, &value);
    return value;
}

void table_read(const Table *table, uint64_t word, Value *value, void *buffer,
                size_t room)
{
    look(table, word, value);
    if (value->type < VALUE_TEXT)
        return;
    if (value->size <= room)
        words_read(value->bytes, buffer, value->size);
    value->bytes = buffer;
}

bool table_next(const Table *table, const Word *kept, uint32_t *position,
                Item *item)
{
    while (*position < entry_count(table)) {
        uint32_t number = (*position)++;
        const Entry *entry = entry_at(table, number);
        uint64_t word = entry_word(table, entry);
        if (word == WORD_FROZEN)
            word = word_load(&kept[number]) ^ word_load(&table->mask);
        if (word != WORD_DELETED) {
            *item = (Item){ entry_key(table, entry), table_value(table, word) };
            return true;
        }
    }
    return false;
}

// Changing.

static void set_spare(Entry *entry, uint64_t at)
{
    uint64_t fingerprint = word_load(&entry->fingerprint);
    word_store(&entry->fingerprint, (fingerprint & ~AT_MASK) | at);
}

// Writes the value to a chunk if it needs one, and returns its word. Until that
// is committed, the chunk is the entry's spare one: so it is not lost if the
// commit never comes.
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

// After the commit: the chunk of the old value becomes the entry's spare one.
// The counts change last. A writer that is killed before leaves them to
// table_recover.
static void tidy(Table *table, const Found *before, uint64_t word)
{
    bool had_chunk = word_has_chunk(before->word);
    table->alive_bytes += word_bytes(table, word);
    table->alive_bytes -= word_bytes(table, before->word);
    if (word_has_chunk(word) || had_chunk)
        set_spare(before->entry, had_chunk ? word_at(before->word) : 0);
    if (word == WORD_DELETED) {
        table->alive--;
        table->alive_bytes -= key_bytes(table, before->entry);
    }
}

// A compare-and-swap also with the lock held: other threads swap numbers
// without it.
bool table_change(Table *table, Found *found, Value value)
{
    uint64_t word = prepare(table, found, value);
    if (!found_swap(found, word))
        return false;
    tidy(table, found, word);
    return true;
}

// The commit point is the store of the slot (index_add). The count comes before
// it, and only after the entry is whole: table_recover adds the slot of an
// entry that is counted.
void table_append(Table *table, const Key *key, Value value)
{
    uint32_t number = entry_count(table);
    Found new = { .entry = entry_at(table, number),
                  .mask = word_load(&table->mask) };
    bool is_long = key->size > SHORT_KEY;
    uint64_t first =
        is_long ? chunk_add(table, key->bytes, key->size) : key->words[0];
    word_store(&new.entry->fingerprint, key->fingerprint);
    word_store(&new.entry->words[0], first);
    word_store(&new.entry->words[1], key->words[1]);
    uint64_t word = prepare(table, &new, value);
    word_store(&new.entry->word, word ^ new.mask);
    tidy(table, &new, word);
    atomic_store_explicit(&table->count, number + 1, memory_order_release);
    index_add(table, number);
    TRACED(map_moment());
    table->alive++;
    table->alive_bytes += key_bytes(table, new.entry);
}
