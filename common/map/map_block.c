// The two tables of a map: which one is in use, moving to the other one,
// freezing, and optimistic reads with a version check (a seqlock without a
// write per change). The invariant: the table in use is whole at every
// instruction. The store of `in_use` is the commit point of a move and of a
// clear.
#include "base/base.h"

#include "map_block.h"

#include "map_table_internal.h"
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
    for (unsigned i = 0; i < 2; i++)
        table_init(block_table_at(block, i), block->table_bytes);
    word_store(&block->in_use, 0);
    word_store(&block->freezes, 0);
    word_store(&block->wait, 0);
    if (!start(block, 0, &(Need){ 0 }, 0))
        return false;
    shared_lock_init(&block->lock);
    return true;
}

void block_recover(Block *block)
{
    Signals before = signals_block();
    if (word_load(&block->freezes) % 2 == 1)
        block_thaw(block);
    table_recover(block_table(block));
    signals_restore(&before);
}

void block_wait_at_most(Block *block, long long milliseconds)
{
    uint64_t wait = milliseconds < 0 ? 0 : (uint64_t)milliseconds + 1;
    word_store(&block->wait, wait);
}

// A robust mutex says when its last holder has died. A holder that is stopped
// still has it: the wait for it may end.
bool block_lock(Block *block) LOCKS_UNCHECKED
{
    uint64_t wait = word_load(&block->wait);
    LockResult result =
        shared_lock_acquire(&block->lock,
                            wait == 0 ? DEADLINE_NEVER
                                      : deadline_in_ms((long long)(wait - 1)));
    if (result == LOCK_OWNER_DIED)
        block_recover(block);
    if (result == LOCK_NOT_TAKEN && errno != ETIMEDOUT)
        must_be_zero(errno, "pthread_mutex_lock");
    return result != LOCK_NOT_TAKEN;
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

// The words are kept in the other table, behind where the entries go in a move.
// `kept` and the count are stored before the first word: so a killed holder's
// words are always found. An entry may be frozen already.
static Word *begin_to_keep(Block *block) REQUIRES(block->lock)
{
    const Table *table = block_table(block);
    Table *other = block_table_at(block, word_load(&block->in_use) + 1);
    Word *kept = (Word *)((Entry *)(other + 1) + table->alive);
    word_store(&block->kept, (uint64_t)((char *)kept - (char *)block));
    if (word_load(&block->freezes) % 2 == 0)
        count_freezes(block);
    return kept;
}

// A number that another thread swaps in meanwhile is kept, too.
static void freeze(Found *found, Word *kept)
{
    do
        word_store(kept, found->word ^ found->mask);
    while (!found_swap(found, WORD_FROZEN));
}

const Word *block_freeze(Block *block)
{
    const Table *table = block_table(block);
    Word *kept = begin_to_keep(block);
    for (uint32_t i = 0; i < entry_count(table); i++) {
        Found found = { .entry = entry_at(table, i),
                        .mask = word_load(&table->mask) };
        found.word = entry_word(table, found.entry);
        if (found.word != WORD_DELETED && found.word != WORD_FROZEN)
            freeze(&found, &kept[i]);
    }
    return kept;
}

void block_freeze_entry(Block *block, Found *found)
{
    if (found->entry == NULL || word_has_chunk(found->word))
        return;
    freeze(found, &begin_to_keep(
                      block)[found->entry - entry_at(block_table(block), 0)]);
    found->word = WORD_FROZEN;
    found->freeze = word_load(&block->freezes);
}

void block_thaw_entry(Block *block, const Found *found)
{
    if (found->freeze == 0 || word_load(&block->freezes) != found->freeze)
        return;
    Found now = *found;
    if (found_is_there(found) && block_look_kept(block, &now))
        word_commit(&found->entry->word, now.word ^ now.mask);
    count_freezes(block);
}

void block_thaw(Block *block)
{
    Table *table = block_table(block);
    const Word *kept = (Word *)((char *)block + word_load(&block->kept));
    for (uint32_t i = 0; i < entry_count(table); i++) {
        Entry *entry = entry_at(table, i);
        if (entry_word(table, entry) == WORD_FROZEN)
            word_commit(&entry->word, word_load(&kept[i]));
    }
    count_freezes(block);
}

// While the map is in one and the same freeze, the kept word is this entry's.
// Before that is checked, *found may be anything in one of the tables.
bool block_look_kept(const Block *block, Found *found)
{
    found->freeze = word_load(&block->freezes);
    const Entry *first = entry_at(block_table_at(block, found->in_use), 0);
    uint64_t number = (uint64_t)(found->entry - first);
    uint64_t at = word_load(&block->kept) + number * sizeof(Word);
    if (found->freeze % 2 == 0 || !found_is_there(found) ||
        at % sizeof(Word) != 0 || at >= sizeof *block + 2 * block->table_bytes)
        return false;
    found->word = word_load((Word *)((char *)block + at)) ^ found->mask;
    return word_load(&block->freezes) == found->freeze;
}

// Moving.

// In place if that is possible; otherwise everything alive is copied to the
// other table, and the store of `in_use` makes that one the map.
bool block_make_room(Block *block, const Need *need)
{
    uint64_t in_use = word_load(&block->in_use);
    Table *from = block_table(block), *to = block_table_at(block, in_use + 1);
    if (table_is_full_for(from, need))
        return false;
    if (table_grow(from, need))
        return true;
    Need all = { .entries = from->alive + need->entries,
                 .bytes = from->alive_bytes + need->bytes,
                 .number = need->number };
    if (!start(block, in_use + 1, &all, entry_count(from)))
        return false;

    Signals before = signals_block();
    const Word *kept = block_freeze(block);
    uint32_t position = 0;
    for (Item item; table_next(from, kept, &position, &item);)
        table_append(to, &item.key, item.value);
    word_commit(&block->in_use, in_use + 1);
    count_freezes(block);
    signals_restore(&before);
    return true;
}

// An empty table takes the place of the one in use. A late swap in that one
// counts as before the clear.
void block_clear(Block *block)
{
    uint64_t in_use = word_load(&block->in_use);
    start(block, in_use + 1, &(Need){ 0 }, 0);  // fits, as it did at first
    word_commit(&block->in_use, in_use + 1);
    TRACED(map_moment());
}

// Reading.

// The linearization point is the load of the entry's word in table_find. For a
// value in a chunk the word is loaded again after the bytes: it contains the
// chunk's version, so the same word means that no byte has changed.
bool block_read(const Block *block, const Key *key, Value *value, void *buffer,
                size_t room)
{
    Found found;
    if (!block_look(block, key, &found))
        return false;
    const Table *table = block_table_at(block, found.in_use);
    table_read(table, found.word, value, buffer, room);
    if (!word_has_chunk(found.word))
        return true;
    bool is_there = found.freeze ? word_load(&block->freezes) == found.freeze
                                 : found_is_there(&found);
    return is_there && word_load(&block->in_use) == found.in_use;
}
