// Checks a buffer that may hold anything: everything that the calls of a map
// follow or count on is looked at once. It takes as long as a look at all keys,
// and a bit of memory for each word of a table. The invariant: each word of the
// table belongs to at most one thing. A word that is marked already shows two
// things that overlap.
#include "base/base.h"

#include "map_table_internal.h"
#include "shared_map_internal.h"

typedef struct Check {
    const Table *table;
    const Secret *secret;
    unsigned char *marks;  // a bit for each word of the table
} Check;

enum { WORD_BYTES = sizeof(Word), ENTRY_WORDS = sizeof(Entry) / WORD_BYTES };

static uint64_t words_to(const Table *table, const void *thing)
{
    return (uint64_t)((const char *)thing - (const char *)table) / WORD_BYTES;
}

// Marks the words. Returns false if one of them is marked already.
static bool take_words(const Check *check, uint64_t at, uint64_t words)
{
    for (uint64_t i = at; i < at + words; i++) {
        unsigned char bit = (unsigned char)(1 << i % 8);
        if (check->marks[i / 8] & bit)
            return false;
        check->marks[i / 8] |= bit;
    }
    return true;
}

// Sizes: of the table's parts, and of the table.

// A frozen table's words must lie in the block, and any table's must find room
// in the other one: behind its entries.
static bool parts_fit(const Block *block, const Table *table)
{
    uint64_t count = entry_count(table), words = count * WORD_BYTES;
    uint64_t least = sizeof *table + count * sizeof(Entry);
    uint64_t word = word_load(&table->index), at = word >> 8, bits = word & 255;
    uint64_t end = sizeof *block + 2 * block->table_bytes;
    uint64_t kept = word_load(&block->kept);
    bool is_frozen = word_load(&block->freezes) % 2 == 1;
    return count <= table->most_entries && table->arena % WORD_BYTES == 0 &&
           table->arena <= table->size &&
           least + words + WORD_BYTES <= table->arena &&
           table->limit <= table->size && at % CACHE_LINE == 0 &&
           at >= table->arena && at < table->size && bits >= 4 && bits < 32 &&
           index_bytes(UINT64_C(1) << bits) <= table->size - at &&
           (!is_frozen || (kept % WORD_BYTES == 0 && kept >= sizeof *block &&
                           kept <= end && words <= end - kept));
}

// Whether the fields are those that table_init sets for this size.
static bool table_has_size(const Table *table, uint64_t size)
{
    Table same;
    table_init(&same, size);
    return table->size == size && table->most_entries == same.most_entries &&
           table->number_mask == same.number_mask;
}

// Looked at without the lock, because they never change.
bool map_sizes_fit(const SharedMap *map, size_t size)
{
    const Block *block = &map->block;
    uint64_t tables =
        block_table_bytes((size_t)map->size - offsetof(SharedMap, block));
    return map->size >= sizeof *map + 2 * sizeof(Table) && map->size <= size &&
           map->owner <= OWNER_FILE && block->table_bytes == tables &&
           table_has_size(block_table_at(block, 0), tables) &&
           table_has_size(block_table_at(block, 1), tables);
}

// Entries.

// Returns false if there can be no chunk, or if it overlaps another thing.
static bool take_chunk(const Check *check, uint64_t at)
{
    const Table *table = check->table;
    uint64_t most = table->size / WORD_BYTES, head = sizeof(Chunk) / WORD_BYTES;
    uint64_t size;
    if (at < table->arena / WORD_BYTES || at >= most ||
        chunk_look(table, at, &size) == NULL)
        return false;
    uint64_t room = chunk_room(chunk_at(table, at)), words = room / WORD_BYTES;
    return room % WORD_BYTES == 0 && size <= room &&
           words <= most - at - head && take_words(check, at, head + words);
}

// The fingerprint must be the key's own, and a short key's last word must end
// in zeros: lookups compare them.
static bool take_key(const Check *check, const Entry *entry)
{
    const Key key = entry_key(check->table, entry);
    bool is_long = fingerprint_size(key.fingerprint) == LONG_KEY;
    if (is_long != (key.size > SHORT_KEY) ||
        (is_long && !take_chunk(check, key.words[0])))
        return false;
    Key same;
    key_init(&same, check->secret, key.bytes, key.size);
    return same.fingerprint == key.fingerprint &&
           (is_long || memcmp(same.words, key.words, sizeof key.words) == 0);
}

// A word without a chunk must be the one that its value gets.
static bool take_value(const Check *check, uint64_t word)
{
    uint64_t same;
    Value value = table_value(check->table, word);
    if (word_has_chunk(word))
        return value.type != VALUE_NONE && take_chunk(check, word_at(word));
    return word_of(value, &same) && same == word;
}

// Also the spare chunks, where the next changes will write. The chunks of a
// deleted entry are free: no call follows them.
static bool take_entries(const Check *check)
{
    const Table *table = check->table;
    uint64_t alive = 0, bytes = 0;
    for (uint32_t i = 0; i < entry_count(table); i++) {
        const Entry *entry = entry_at(table, i);
        uint64_t word = entry_word(table, entry);
        if (word == WORD_DELETED)
            continue;
        uint64_t spare = spare_chunk(entry, word);
        if (!take_key(check, entry) || !take_value(check, word) ||
            (spare != 0 && !take_chunk(check, spare)))
            return false;
        alive++;
        bytes += word_bytes(table, word) + key_bytes(table, entry);
    }
    return alive == table->alive && bytes == table->alive_bytes;
}

// The index.

// Goes once around all slots, from a free one on. `run` slots before this one
// are used without a gap: a lookup of the entry's key must come here through
// them. Each slot takes another entry, so all that are alive have one if their
// number is right.
static bool take_index(const Check *check)
{
    const Table *table = check->table;
    Index index = index_of(table);
    uint32_t slots = index.mask + 1, first = 0, run = 0, used = 0, alive = 0;
    while (first < index.mask && slot_load(index, first) != 0)
        first++;
    for (uint32_t i = first + 1; i < first + slots; i++) {
        uint32_t slot = slot_load(index, i & index.mask);
        uint32_t number = (slot & table->number_mask) - 1;
        if (slot == 0) {
            run = 0;
            continue;
        }
        if (number >= entry_count(table))
            return false;
        const Entry *entry = entry_at(table, number);
        uint64_t fingerprint = word_load(&entry->fingerprint);
        if ((slot & ~table->number_mask) != slot_tag(table, fingerprint) ||
            ((i - fingerprint_hash(fingerprint)) & index.mask) > run++ ||
            !take_words(check, words_to(table, entry), ENTRY_WORDS))
            return false;
        used++;
        alive += entry_word(table, entry) != WORD_DELETED;
    }
    return slot_load(index, first) == 0 && table->slots == slots &&
           table->slots_used == used && used <= slots / 2 &&
           table->alive == alive &&
           take_words(check, words_to(table, index.slots), slots / 2);
}

// The map.

// Sizes first, since all that follows stays inside of them; then recovering,
// which the counts and the index need; then each entry, and each slot.
static bool is_sound(Block *block, bool left, unsigned char *marks)
    REQUIRES(block->lock)
{
    const Table *table = block_table(block);
    const Check check = { table, &block->secret, marks };
    if (!parts_fit(block, table))
        return false;
    if (left)
        block_recover(block);
    uint64_t mask = block_mask(block, word_load(&block->in_use));
    return word_load(&block->freezes) % 2 == 0 &&
           word_load(&table->mask) == mask && take_entries(&check) &&
           take_index(&check);
}

// The sizes never change: they are looked at without the lock. A lock that was
// copied with the file is garbage: a process that is alone makes a new one, and
// must expect that the last holder of the old one was killed. Until the map is
// found sound it has no identity: if the process is killed before that, no
// other process takes the half-made lock for one. Without a lock to be had the
// map is busy.
MapProblem map_problem(SharedMap *map, size_t size, bool alone,
                       Deadline deadline)
{
    if (map == NULL || (uintptr_t)map % alignof(SharedMap) != 0 ||
        size < sizeof map->magic ||
        memcmp(map->magic, map_magic, sizeof map_magic) != 0)
        return SHARED_MAP_UNKNOWN;
    if (size < sizeof *map)
        return SHARED_MAP_DAMAGED;
    if (map->layout != map_layout())
        return SHARED_MAP_OTHER_KIND;
    Block *block = &map->block;
    if (!map_sizes_fit(map, size) || (!alone && word_load(&map->identity) == 0))
        return SHARED_MAP_DAMAGED;
    unsigned char *marks = must_calloc(block->table_bytes / WORD_BYTES / 8, 1);
    if (alone) {
        word_store(&map->identity, 0);
        atomic_signal_fence(memory_order_seq_cst);
        shared_lock_init(&block->lock);
    }
    LockResult lock = shared_lock_acquire(&block->lock, deadline);
    MapProblem problem = SHARED_MAP_BUSY;
    if (lock) {
        bool sound = is_sound(block, lock == LOCK_OWNER_DIED || alone, marks);
        problem = sound ? SHARED_MAP_NO_PROBLEM : SHARED_MAP_DAMAGED;
        shared_lock_release(&block->lock);
    }
    free(marks);
    if (problem == SHARED_MAP_NO_PROBLEM && alone && !map_set_identity(map))
        problem = SHARED_MAP_REFUSED;
    return problem;
}

// A copy of another buffer gets an identity of its own. So does the original
// then, if it is opened again: no call keeps one.
SharedMap *shared_map_attach_checked(void *buffer, size_t size,
                                     MapProblem *problem)
{
    SharedMap *map = buffer;
    MapProblem here = map_problem(map, size, false, DEADLINE_NEVER);
    if (here == SHARED_MAP_NO_PROBLEM && !map_set_identity(map))
        here = SHARED_MAP_REFUSED;
    if (problem)
        *problem = here;
    return here == SHARED_MAP_NO_PROBLEM ? map : NULL;
}

const char *map_problem_words(MapProblem problem)
{
    static const char *const words[] = {
        [SHARED_MAP_NO_PROBLEM] = "there is no problem",
        [SHARED_MAP_NOT_OURS] =
            "this is a link, or no plain file that this user alone may open",
        [SHARED_MAP_TOO_SMALL] = "no map fits in so few bytes; ask for more",
        [SHARED_MAP_UNKNOWN] = "there is no shared map in it",
        [SHARED_MAP_OTHER_KIND] =
            "this map was made by another kind of program; build both alike",
        [SHARED_MAP_DAMAGED] =
            "this map is damaged; remove it and make a new one",
        [SHARED_MAP_BUSY] =
            "another process is inside an open, or a call, of this map; end or "
            "continue it",
    };
    if (problem == SHARED_MAP_REFUSED)
        return error_text(errno);
    return (size_t)problem < sizeof words / sizeof *words
               ? words[problem]
               : "there is no such problem";
}
