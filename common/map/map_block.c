#include "base/base.h"

#include "map_block.h"

#include "siphash.h"

uint64_t block_mask(const Block *block, uint64_t in_use)
{
    return siphash(block->secret.at, &in_use, sizeof in_use);
}

static bool start(Block *block, uint64_t in_use, const Need *need,
                  uint64_t kept)
{
    return table_start(block_table_at(block, in_use), block_mask(block, in_use),
                       need, kept);
}

uint64_t block_table_bytes(size_t size)
{
    uint64_t both = size > sizeof(Block) ? size - sizeof(Block) : 0;
    uint64_t each = both / 2 < UINT32_MAX ? both / 2 : UINT32_MAX;
    return each / CACHE_LINE * CACHE_LINE;
}

bool block_init(Block *block, size_t size)
{
    block->table_bytes = block_table_bytes(size);
    if (block->table_bytes < sizeof(Table))
        return false;
    random_fill(&block->secret, sizeof block->secret);
    for (unsigned i = 0; i < 2; i++)
        table_init(block_table_at(block, i), block->table_bytes);
    word_store(&block->in_use, 0);
    word_store(&block->freezes, 0);
    if (!start(block, 0, &(Need){ 0 }, 0))
        return false;
    shared_lock_init(&block->lock);
    return true;
}

void block_destroy(Block *block)
{
    shared_lock_destroy(&block->lock);
}

// The lock.

static bool is_frozen(uint64_t freezes)
{
    return freezes % 2 == 1;
}

void block_lock(Block *block)
{
    if (shared_lock_acquire(&block->lock))
        return;
    if (is_frozen(word_load(&block->freezes)))
        block_thaw(block);
    table_recover(block_table(block));
}

void block_unlock(Block *block)
{
    shared_lock_release(&block->lock);
}

// Freezing.

static void count_freezes(Block *block) REQUIRES(block->lock)
{
    word_store(&block->freezes, word_load(&block->freezes) + 1);
}

// The words are kept behind where the entries go if the map is moved.
const Word *block_freeze(Block *block)
{
    uint64_t in_use = word_load(&block->in_use);
    Table *table = block_table(block);
    Entry *entries = (Entry *)(block_table_at(block, in_use + 1) + 1);
    Word *kept = (Word *)(entries + table->alive);
    word_store(&block->kept, (uint64_t)((char *)kept - (char *)block));
    count_freezes(block);
    table_freeze(table, kept);
    return kept;
}

void block_thaw(Block *block)
{
    const char *kept = (char *)block + word_load(&block->kept);
    table_thaw(block_table(block), (const Word *)kept);
    count_freezes(block);
}

// If it is frozen all the time, the word that is kept is this entry's. The
// entry may be anything that is in one of the tables.
bool block_look_kept(const Block *block, Found *found)
{
    found->freeze = word_load(&block->freezes);
    uint64_t in_entries =
        (uint64_t)((char *)found->entry -
                   (char *)(block_table_at(block, found->in_use) + 1));
    uint64_t at =
        word_load(&block->kept) + in_entries / sizeof(Entry) * sizeof(Word);
    if (!is_frozen(found->freeze) || !found_is_there(found) ||
        in_entries >= block->table_bytes || at % sizeof(Word) != 0 ||
        at >= sizeof *block + 2 * block->table_bytes)
        return false;
    found->word = word_load((Word *)((char *)block + at)) ^ found->mask;
    return word_load(&block->freezes) == found->freeze;
}

// Moving.

// The store of `in_use` is what makes the other table the map.
static void commit_other(Block *block) REQUIRES(block->lock)
{
    word_commit(&block->in_use, word_load(&block->in_use) + 1);
}

// Moves all that is alive to the other table, with room for so much more.
static bool move_to_other(Block *block, const Need *need) REQUIRES(block->lock)
{
    uint64_t in_use = word_load(&block->in_use);
    Table *from = block_table(block), *to = block_table_at(block, in_use + 1);
    Need all = table_alive(from);
    all.entries += need->entries;
    all.bytes += need->bytes;
    all.number = need->number;
    if (!start(block, in_use + 1, &all, atomic_load(&from->count)))
        return false;

    const Word *kept = block_freeze(block);
    uint32_t position = 0;
    for (Item item; table_next(from, kept, &position, &item);)
        table_append(to, &item.key, item.value,
                     fingerprint_hash(item.key.fingerprint));
    commit_other(block);
    count_freezes(block);
    return true;
}

bool block_make_room(Block *block, const Need *need)
{
    Table *table = block_table(block);
    return table_has_room(table, need) || table_grow(table, need) ||
           move_to_other(block, need);
}

// An empty table takes the place of the one in use. Who swaps a word of that
// one even now has done so before.
void block_clear(Block *block)
{
    start(block, word_load(&block->in_use) + 1, &(Need){ 0 }, 0);  // fits again
    commit_other(block);
    TRACED(map_moment());
}

// Looking.

bool block_read(const Block *block, const Key *key, Value *value, void *buffer,
                size_t room)
{
    Found found;
    if (!block_look(block, key, &found))
        return false;
    const Table *table = block_table_at(block, found.in_use);
    if (!table_read(table, found.word, value, buffer, room))
        return false;
    if (!word_has_chunk(found.word))
        return true;
    bool is_there = found.freeze ? word_load(&block->freezes) == found.freeze
                                 : found_is_there(&found);
    return is_there && word_load(&block->in_use) == found.in_use;
}

// Changing.

// Whether what was not found without the lock is still not there.
static bool still_misses(const Block *block, const Found *before)
    REQUIRES(block->lock)
{
    return before && before->in_use == word_load(&block->in_use) &&
           table_still_misses(block_table(block), before);
}

bool block_set(Block *block, const Key *key, Value value, const Found *before)
{
    for (Found found;; before = NULL) {
        Table *table = block_table(block);
        if (!still_misses(block, before)) {
            table_find(table, key, &found);
            before = &found;
        }
        Need need = table_need(table, before, key, value);
        if (!table_has_room(table, &need)) {
            if (!block_make_room(block, &need))
                return false;
        } else {
            if (before->entry)
                table_set(table, before, value);
            else
                table_append(table, key, value, before->slot);
            return true;
        }
    }
}

bool block_delete(Block *block, const Key *key)
{
    Table *table = block_table(block);
    Found found;
    table_find(table, key, &found);
    if (found.entry)
        table_set(table, &found, value_none());
    return found.entry != NULL;
}
