#define IN_COMMON
#include "map_block.h"

#include "siphash.h"

enum { LINE = 64 };  // bytes; tables start on a cache line

static size_t header_size(void)
{
    return (sizeof(Block) + LINE - 1) / LINE * LINE;
}

static Table *table_at(Block *block, uint32_t which)
{
    char *first = (char *)block + header_size();
    return (Table *)(first + which * block->table_bytes);
}

static Table *table_in_use(Block *block)
{
    return table_at(block, atomic_load(&block->in_use));
}

static uint32_t hash_of(const Block *block, Key key)
{
    return (uint32_t)siphash(block->hash_key, key.bytes, key.size);
}

// Sizes a table for what it must hold, with as much room for more as there is:
// twice that, or less when the block comes to its end. Less by halves, so that
// the last bytes are filled in a few moves and not in one a call.
static bool plan(Table *table, uint64_t entries, uint64_t bytes, uint64_t limit)
{
    bool fits = table_plan(table, 2 * entries + 8, 2 * bytes + 512, limit);
    for (unsigned half = 0; !fits && half <= 32; half++)
        fits = table_plan(table, entries + (entries >> half),
                          bytes + (bytes >> half), limit);
    return fits;
}

// Moves all that is alive to the other table, which gets room for so much more.
// The store of `in_use` is what makes it the map.
static bool move_to_other(Block *block, uint32_t entries, uint64_t bytes)
{
    uint32_t in_use = atomic_load(&block->in_use);
    Table *from = table_at(block, in_use);
    Table *to = table_at(block, 1 - in_use);
    Table planned;
    if (!plan(&planned, (uint64_t)from->alive + entries,
              table_bytes_alive(from) + bytes, block->table_bytes))
        return false;

    table_init(to, &planned);
    uint32_t position = 0, hash;
    for (Item item; table_next(from, &position, &item, &hash);)
        table_append(to, item.key, hash, item.value);
    atomic_store_explicit(&block->in_use, 1 - in_use, memory_order_release);
    return true;
}

bool block_init(Block *block, size_t size)
{
    size_t both = size > header_size() ? size - header_size() : 0;
    block->table_bytes = both / 2 / LINE * LINE;
    atomic_store(&block->in_use, 0);

    Table planned;
    if (!plan(&planned, 0, 0, block->table_bytes))
        return false;
    table_init(table_at(block, 0), &planned);
    return true;
}

void block_recover(Block *block)
{
    table_recover(table_in_use(block));
}

Value block_get(Block *block, Key key)
{
    Table *table = table_in_use(block);
    Entry *entry = table_find(table, key, hash_of(block, key));
    return entry ? table_value(table, entry) : value_none();
}

static bool make_room(Block *block, uint32_t entries, uint64_t bytes)
{
    return table_has_room(table_in_use(block), entries, bytes) ||
           move_to_other(block, entries, bytes);
}

static bool add(Block *block, Key key, uint32_t hash, Value value)
{
    uint64_t bytes = table_bytes_for(key.size);
    if (value_has_bytes(value))
        bytes += table_bytes_for(value.size);
    if (!make_room(block, 1, bytes))
        return false;
    table_append(table_in_use(block), key, hash, value);
    return true;
}

bool block_set(Block *block, Key key, Value value)
{
    if (key.size > UINT32_MAX / 2 || value.size > UINT32_MAX / 2)
        return false;
    Table *table = table_in_use(block);
    uint32_t hash = hash_of(block, key);
    Entry *entry = table_find(table, key, hash);
    if (entry == NULL)
        return add(block, key, hash, value);
    if (!make_room(block, 0, table_bytes_to_set(table, entry, value)))
        return false;
    table = table_in_use(block);  // it may have moved
    table_set(table, table_find(table, key, hash), value);
    return true;
}

bool block_delete(Block *block, Key key)
{
    Table *table = table_in_use(block);
    Entry *entry = table_find(table, key, hash_of(block, key));
    if (entry)
        table_delete(table, entry);
    return entry != NULL;
}

// An empty table takes the place of the one in use.
void block_clear(Block *block)
{
    uint32_t other = 1 - atomic_load(&block->in_use);
    Table planned;
    plan(&planned, 0, 0, block->table_bytes);  // fits, as it did at the start
    table_init(table_at(block, other), &planned);
    atomic_store_explicit(&block->in_use, other, memory_order_release);
}

size_t block_count(Block *block)
{
    return table_in_use(block)->alive;
}

bool block_next(Block *block, uint32_t *position, Item *item)
{
    uint32_t hash;
    return table_next(table_in_use(block), position, item, &hash);
}
