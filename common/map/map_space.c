// Room in a table. The arena is a bump allocator: chunks are added below it and
// never freed by themselves; a move to the other table (map_block.c) leaves the
// garbage behind. Two invariants. Setting a number where a value is never fails
// for want of room: every change that may be refused leaves enough free for a
// number of each entry, and for the words of a frozen table. And a table is
// full when seven eighths of it would be alive: so a move always gets back an
// eighth, which pays for its copying (amortized cost, as of a copying garbage
// collector).
#include "base/base.h"

#include "map_table_internal.h"

enum {
    FEWEST_BYTES = 4096,
    MORE_ENTRIES = 24,
    NUMBER_BYTES = sizeof(Chunk) + sizeof(Word)
};

// Chunks.

uint64_t chunk_bytes(uint64_t size)
{
    // More than any table has, if it is more than a Value may have.
    if (size > UINT32_MAX / 2)
        return UINT64_C(1) << 40;
    return sizeof(Chunk) + (size + 7) / 8 * sizeof(Word);
}

const Chunk *chunk_look(const Table *table, uint64_t at, uint64_t *size)
{
    uint64_t offset = at * sizeof(Word);
    if (offset < sizeof *table || offset > table->size - sizeof(Chunk))
        return NULL;
    const Chunk *chunk = chunk_at(table, at);
    *size = word_load(&chunk->size);
    return *size <= table->size - sizeof(Chunk) - offset ? chunk : NULL;
}

uint64_t chunk_add(Table *table, const void *bytes, uint64_t size)
{
    table->arena -= chunk_bytes(size);
    uint64_t at = table->arena / sizeof(Word);
    uint64_t room = chunk_bytes(size) - sizeof(Chunk);
    word_store(&chunk_at(table, at)->room, room << VERSION_BITS);
    chunk_write(table, at, bytes, size);
    return at;
}

uint64_t chunk_write(Table *table, uint64_t at, const void *bytes,
                     uint64_t size)
{
    Chunk *chunk = chunk_at(table, at);
    uint64_t room = word_load(&chunk->room) + 1;  // the next version
    word_store(&chunk->room, room);
    word_store(&chunk->size, size);
    words_write(chunk->bytes, bytes, size);
    return room & LAST_VERSION;
}

bool chunk_takes(const Table *table, uint64_t at, uint64_t size)
{
    const Chunk *chunk = chunk_at(table, at);
    return at != 0 && chunk_room(chunk) >= size &&
           (word_load(&chunk->room) & LAST_VERSION) < LAST_VERSION;
}

// The bytes that things take.

static uint64_t used(const Table *table)
{
    uint64_t count = entry_count(table);
    return sizeof *table + count * sizeof(Entry) + table->size - table->arena;
}

static uint64_t size_of(const Need *need)
{
    return need->entries * sizeof(Entry) + need->bytes;
}

// The bytes to leave free: a word of each entry for freezing, in the other
// table; and a number for each that is alive and a new one, unless the need is
// such a number itself.
static uint64_t left_free(uint64_t entries, uint64_t alive, bool number)
{
    return (entries + 1) * sizeof(Word) +
           (number ? 0 : (alive + 1) * NUMBER_BYTES);
}

// The fewest slots that an index has after a move: with an eighth of its
// entries free, as in the arena.
static uint64_t fewest_slots(uint64_t entries)
{
    return index_slots_for(entries + entries / 8 + 1);
}

// The arena bytes of a chunk. There may be none: a map that is checked is put
// in order before it is known to be whole (map_check.c).
static uint64_t bytes_at(const Table *table, uint64_t at)
{
    uint64_t size;
    return chunk_look(table, at, &size) ? chunk_bytes(size) : 0;
}

uint64_t word_bytes(const Table *table, uint64_t word)
{
    return word_has_chunk(word) ? bytes_at(table, word_at(word)) : 0;
}

uint64_t key_bytes(const Table *table, const Entry *entry)
{
    uint64_t fingerprint = word_load(&entry->fingerprint);
    return fingerprint_size(fingerprint) == LONG_KEY
               ? bytes_at(table, word_load(&entry->words[0]))
               : 0;
}

void table_count_alive(Table *table)
{
    uint32_t alive = 0;
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < entry_count(table); i++) {
        const Entry *entry = entry_at(table, i);
        uint64_t word = entry_word(table, entry);
        if (word == WORD_DELETED)
            continue;
        alive++;
        bytes += word_bytes(table, word) + key_bytes(table, entry);
    }
    table->alive = alive;
    table->alive_bytes = bytes;
}

Need table_need(const Table *table, const Found *found, const Key *key,
                Value value)
{
    Need need = { .entries = found->entry == NULL };
    uint64_t word;
    if (value.type != VALUE_NONE && !word_of(value, &word))
        need.bytes =
            chunk_bytes(value_has_bytes(value) ? value.size : sizeof(uint64_t));
    if (found->entry == NULL) {
        need.bytes += key->size > SHORT_KEY ? chunk_bytes(key->size) : 0;
        need.growth = need.bytes;
        return need;
    }
    need.number = !value_has_bytes(value);
    uint64_t freed = word_bytes(table, found->word);
    need.growth = need.bytes > freed ? need.bytes - freed : 0;
    if (need.bytes > 0 &&
        chunk_takes(table, spare_chunk(found->entry, found->word),
                    need.bytes - sizeof(Chunk)))
        need.bytes = 0;
    return need;
}

// Making room.

// A change after which no more is alive than before is never too much.
bool table_is_full_for(const Table *table, const Need *need)
{
    uint64_t entries = table->alive + need->entries;
    uint64_t after = sizeof *table + entries * sizeof(Entry) +
                     table->alive_bytes + need->growth +
                     left_free(entries, entries, false) +
                     index_bytes(fewest_slots(entries));
    return !need->number && need->entries + need->growth > 0 &&
           after > table->size - table->size / 8;
}

static bool index_has_room(const Table *table, uint64_t entries)
{
    return 2 * (table->slots_used + entries) <= table->slots;
}

// The bytes to leave free in this table after the need.
static uint64_t left_after(const Table *table, const Need *need)
{
    return left_free(entry_count(table) + need->entries,
                     table->alive + need->entries, need->number);
}

static bool has_room(const Table *table, const Need *need)
{
    return size_of(need) == 0 ||
           (used(table) + size_of(need) + left_after(table, need) <=
                table->limit &&
            index_has_room(table, need->entries));
}

// Sets the limit to twice the bytes in use after this need, if there are so
// many.
static void set_limit(Table *table, uint64_t more)
{
    uint64_t limit = 2 * (used(table) + more);
    if (limit < FEWEST_BYTES)
        limit = FEWEST_BYTES;
    table->limit = limit < table->size ? limit : table->size;
}

// A new index gets as many free slots as there are entries, deleted ones too:
// it takes as long to make as a look at all of them.
bool table_grow(Table *table, const Need *need)
{
    if (has_room(table, need))
        return true;
    uint64_t count = entry_count(table) + need->entries;
    uint64_t slots = index_has_room(table, need->entries)
                         ? 0
                         : index_slots_for(table->alive + count + MORE_ENTRIES);
    uint64_t kept = sizeof *table + table->alive * sizeof(Entry) +
                    table->alive_bytes +
                    index_bytes(index_slots_for(table->alive));
    uint64_t more = size_of(need) + left_after(table, need) +
                    index_bytes(slots) + CACHE_LINE;
    if (2 * kept <= used(table) || used(table) + more > table->size)
        return false;
    if (slots)
        index_start(table, slots);
    set_limit(table, more);
    return true;
}

// The index gets the slots for twice the entries, or the fewest if an eighth
// would not be free with those.
bool table_start(Table *table, uint64_t mask, const Need *need, uint64_t kept)
{
    uint64_t free = table->size - sizeof *table, entries = need->entries;
    uint64_t slots = index_slots_for(2 * entries + MORE_ENTRIES);
    uint64_t more = size_of(need) + left_free(entries, entries, need->number);
    if (more + kept * sizeof(Word) + index_bytes(slots) > free - free / 8)
        slots = fewest_slots(entries);
    if (more + index_bytes(slots) > free ||
        size_of(need) + index_bytes(slots) + kept * sizeof(Word) > free)
        return false;
    // No other thread uses this table: the caller commits it.
    atomic_store_explicit(&table->count, 0, memory_order_relaxed);
    table->alive = 0;
    table->alive_bytes = 0;
    table->arena = table->size;
    word_store(&table->mask, mask);
    index_start(table, slots);
    set_limit(table, more);
    return true;
}
