// Damages that shared_map_file.h promises to tell of, one by one. Some of them
// would do no harm that anybody could see: the map is not whole all the same.

#include "map/map_table_internal.h"
#include "map_damage.h"
#include "test.h"

typedef union Buffer {
    SharedMap map;
    char bytes[DAMAGE_LARGE];
} Buffer;

static Buffer buffer;

static Table *table(void)
{
    return map_table_alone(&buffer.map);
}

// The entry of a key, and its value's word.
static Found find(const char *text)
{
    Key key;
    Found found;
    key_init(&key, &buffer.map.block.secret, text, strlen(text));
    table_find(table(), &key, &found);
    CHECK(found.entry != NULL);
    return found;
}

static Chunk *chunk_of(const char *text)
{
    Found found = find(text);
    CHECK(word_has_chunk(found.word));
    return chunk_at(table(), word_at(found.word));
}

static void set_word(const char *text, uint64_t word)
{
    Found found = find(text);
    word_store(&found.entry->word, word ^ found.mask);
}

static void change_name(const char *text, uint64_t bits)
{
    Entry *entry = find(text).entry;
    word_store(&entry->fingerprint, word_load(&entry->fingerprint) ^ bits);
}

// Calls on a map with a text of 10 bytes, a long integer, and a number.

static void room_not_in_words(void)
{
    Chunk *chunk = chunk_of("text");
    word_store(&chunk->room, word_load(&chunk->room) + (1 << VERSION_BITS));
}

static void room_too_large(void)
{
    Chunk *chunk = chunk_of("text");
    uint64_t room = table()->size - (uint64_t)((char *)chunk - (char *)table());
    word_store(&chunk->room, room << VERSION_BITS | 1);
}

static void text_larger_than_room(void)
{
    Chunk *chunk = chunk_of("text");
    word_store(&chunk->size, chunk_room(chunk) + 1);
}

static void integer_of_other_size(void)
{
    word_store(&chunk_of("long")->size, 7);
}

static void chunk_of_two(void)
{
    set_word("number", find("text").word);
}

static void chunk_in_the_index(void)
{
    uint64_t index = word_load(&table()->index) >> 8;
    set_word("text", word_of_chunk(VALUE_TEXT, 1, index / sizeof(Word)));
}

static void unknown_word(void)
{
    set_word("number", WORD_TRUE + 1);
}

static void frozen_word(void)
{
    set_word("number", WORD_FROZEN);
}

static void other_hash(void)
{
    change_name("number", UINT64_C(1) << 60);
}

static void other_size_of_key(void)
{
    change_name("number", UINT64_C(1) << AT_BITS);
}

static void other_key(void)
{
    Entry *entry = find("number").entry;
    word_store(&entry->words[1], 1);
}

// And all words with it, so that they say what they said.
static void other_mask(void)
{
    const uint64_t bit = 1;
    for (uint32_t i = 0; i < table()->count; i++) {
        Word *word = &entry_at(table(), i)->word;
        word_store(word, word_load(word) ^ bit);
    }
    word_store(&table()->mask, word_load(&table()->mask) ^ bit);
}

static void arena_not_in_words(void)
{
    table()->arena -= 1;
}

static void arena_too_low(void)
{
    table()->arena = sizeof(Table) + table()->count * sizeof(Entry);
}

static void limit_too_high(void)
{
    table()->limit = table()->size + 1;
}

static void too_many_alive(void)
{
    table()->alive++;
}

static void too_many_slots_used(void)
{
    table()->slots_used++;
}

static void other_number_of_slots(void)
{
    table()->slots *= 2;
}

static void odd_freezes(void)
{
    word_store(&buffer.map.block.freezes, 1);
}

static Index index_here(void)
{
    return index_of(table());
}

static void slot_lost(void)
{
    for (uint32_t i = 0; i <= index_here().mask; i++)
        atomic_store(&index_here().slots[i], 0);
    table()->slots_used = 0;
}

static void slot_twice(void)
{
    Index index = index_here();
    uint32_t first = 0, free = 0;
    while (slot_load(index, first) == 0)
        first++;
    while (slot_load(index, free) != 0)
        free++;
    atomic_store(&index.slots[free], slot_load(index, first));
    table()->slots_used++;
}

static void index_not_in_lines(void)
{
    word_store(&table()->index, word_load(&table()->index) - (8 << 8));
}

static void index_of_other_power(void)
{
    word_store(&table()->index, word_load(&table()->index) - 1);
}

static void other_table_size(void)
{
    block_table_at(&buffer.map.block, 1)->size += CACHE_LINE;
}

static void other_owner(void)
{
    buffer.map.owner = OWNER_FILE + 1;
}

static void (*const damages[])(void) = {
    room_not_in_words,
    room_too_large,
    text_larger_than_room,
    integer_of_other_size,
    chunk_of_two,
    chunk_in_the_index,
    unknown_word,
    frozen_word,
    other_hash,
    other_size_of_key,
    other_key,
    other_mask,
    arena_not_in_words,
    arena_too_low,
    limit_too_high,
    too_many_alive,
    too_many_slots_used,
    other_number_of_slots,
    odd_freezes,
    slot_lost,
    slot_twice,
    index_not_in_lines,
    index_of_other_power,
    other_table_size,
    other_owner,
};

static void make_map(void)
{
    memset(buffer.bytes, 0, sizeof buffer.bytes);
    SharedMap *map = shared_map_new_in(buffer.bytes, sizeof buffer.bytes);
    CHECK(shared_map_set_int(map, "number", 1));
    CHECK(shared_map_set_text(map, "text", "ten bytes."));
    CHECK(shared_map_set_int(map, "long", LLONG_MAX));
}

TEST(told, "each damage is told, by attaching and without harm to the map")
{
    for (size_t i = 0; i < COUNT(damages); i++) {
        MapProblem problem = SHARED_MAP_NO_PROBLEM;
        make_map();
        CHECK(shared_map_attach_checked(&buffer, sizeof buffer, &problem));
        CHECK_INT(problem, SHARED_MAP_NO_PROBLEM);
        damages[i]();
        printf("damage %zu\n", i);
        CHECK(!shared_map_attach_checked(&buffer, sizeof buffer, &problem));
        CHECK_INT(problem, SHARED_MAP_DAMAGED);
    }
}

// Where the words are that were put away, when a frozen map is opened.
static MapProblem open_frozen(uint64_t kept)
{
    make_map();
    Block *block = &buffer.map.block;
    map_freeze_alone(&buffer.map);
    word_store(&block->kept, word_load(&block->kept) + kept);
    return map_problem(&buffer.map, sizeof buffer, true, DEADLINE_NEVER);
}

TEST(frozen, "words that were put away outside of the map are not brought back")
{
    const Block *block = &buffer.map.block;
    CHECK_INT(open_frozen(0), SHARED_MAP_NO_PROBLEM);
    CHECK_INT(int_at(&buffer.map, "number"), 1);
    uint64_t at = word_load(&block->kept);
    uint64_t end = sizeof *block + 2 * block->table_bytes - at;
    const uint64_t wrong[] = { 1,      4,       end - 2 * sizeof(Word),
                               end,    end + 8, UINT64_MAX - at - 7,
                               8 - at, 0 - at };
    for (size_t i = 0; i < COUNT(wrong); i++)
        CHECK_INT(open_frozen(wrong[i]), SHARED_MAP_DAMAGED);
}

TEST(half_done, "who opens a map puts in order what a killed writer had begun")
{
    make_map();
    Index index = index_here();
    for (uint32_t i = 0; i <= index.mask; i++)
        if ((slot_load(index, i) & table()->number_mask) == 3)
            atomic_store(&index.slots[i], 0);
    table()->alive--;
    CHECK(!shared_map_has(&buffer.map, "long"));
    CHECK_INT(map_problem(&buffer.map, sizeof buffer, false, DEADLINE_NEVER),
              SHARED_MAP_DAMAGED);
    CHECK_INT(map_problem(&buffer.map, sizeof buffer, true, DEADLINE_NEVER),
              SHARED_MAP_NO_PROBLEM);
    CHECK_INT(int_at(&buffer.map, "long"), LLONG_MAX);
    CHECK_INT(shared_map_size(&buffer.map), 3);
}

TEST(attach, "a map in a buffer that is larger, or nowhere, or not aligned")
{
    MapProblem problem;
    make_map();
    SharedMap *map = shared_map_attach_checked(&buffer, SIZE_MAX, &problem);
    CHECK(map == &buffer.map && int_at(map, "number") == 1);
    CHECK(shared_map_attach_checked(NULL, 0, NULL) == NULL);
    CHECK(!shared_map_attach_checked(NULL, sizeof buffer, &problem));
    CHECK_INT(problem, SHARED_MAP_UNKNOWN);
    memmove(buffer.bytes + 1, buffer.bytes, sizeof buffer.bytes - 1);
    CHECK(!shared_map_attach_checked(buffer.bytes + 1, 4096, &problem));
    CHECK_INT(problem, SHARED_MAP_UNKNOWN);
}
