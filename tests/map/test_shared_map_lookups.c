// Lookups without a lock, in a map that other threads change, or that a killed
// one has left: they may read words that lead nowhere, and a map that is frozen
// for a while. They stay inside the map, and in the end their result is right.

#include "map/map_table_internal.h"
#include "map/shared_map_internal.h"
#include "map_alone.h"
#include "map_checks.h"
#include "os/os.h"
#include "worker_threads.h"

#define LONG_KEY "a key that is too long to lie beside its value"

static SharedMap *map_of_three(void)
{
    SharedMap *map = shared_map_new_sized(8192);
    CHECK(shared_map_set_int(map, "int", 5));
    CHECK(shared_map_set_text(map, "text", "abc"));
    CHECK(shared_map_set_int(map, LONG_KEY, 6));
    return map;
}

// Words that lead nowhere

TEST(chunks, "what is no chunk of the table is not looked at")
{
    SharedMap *map = map_of_three();
    const Table *table = map_table_alone(map);
    uint64_t at = word_at(look(map, "text").word), size;
    CHECK(chunk_look(table, at, &size) == chunk_at(table, at));
    CHECK_INT((long long)size, 3);
    CHECK(chunk_look(table, 0, &size) == NULL);
    CHECK(chunk_look(table, sizeof(Table) / sizeof(Word) - 1, &size) == NULL);
    CHECK(chunk_look(table, table->size / sizeof(Word) - 1, &size) == NULL);
    CHECK(chunk_look(table, table->size / sizeof(Word), &size) == NULL);
    CHECK(chunk_look(table, AT_MASK, &size) == NULL);

    uint64_t room = table->size - at * sizeof(Word) - sizeof(Chunk);
    word_store(&chunk_at(table, at)->size, room);
    CHECK(chunk_look(table, at, &size) != NULL);
    word_store(&chunk_at(table, at)->size, room + 1);
    CHECK(chunk_look(table, at, &size) == NULL);
    shared_map_free(&map);
}

TEST(numbers, "a chunk of another size than a number's has no number")
{
    SharedMap *map = map_of_three();
    const Table *table = map_table_alone(map);
    uint64_t at = word_at(look(map, "text").word);
    char buffer[8];
    Value value;
    table_read(table, word_of_chunk(VALUE_TEXT, 1, at), &value, buffer,
               sizeof buffer);
    CHECK(value_equal(value, value_text("abc")));
    table_read(table, word_of_chunk(VALUE_INT, 1, at), &value, buffer,
               sizeof buffer);
    CHECK_INT(value.type, VALUE_NONE);
    table_read(table, word_of_chunk(VALUE_TEXT, 1, 0), &value, buffer,
               sizeof buffer);
    CHECK_INT(value.type, VALUE_NONE);
    shared_map_free(&map);
}

TEST(long_keys, "an entry whose long key is not there is that of no key")
{
    SharedMap *map = map_of_three();
    Word *where = &look(map, LONG_KEY).entry->words[0];
    uint64_t at = word_load(where);
    word_store(where, 0);
    CHECK(!shared_map_has(map, LONG_KEY));
    word_store(where, at);
    CHECK_INT(int_at(map, LONG_KEY), 6);
    shared_map_free(&map);
}

// A map that is frozen for a while

static void get_int(WorkerContext *self)
{
    CHECK_INT(int_at(self->worker_data, "int"), 5);
}

static void get_type(WorkerContext *self)
{
    CHECK_INT(shared_map_type(self->worker_data, "int"), VALUE_INT);
}

static void get_text(WorkerContext *self)
{
    check_value(self->worker_data, "text", value_text("abc"));
}

static void swap_long_key(WorkerContext *self)
{
    CHECK_INT(shared_map_compare_and_set(self->worker_data, LONG_KEY,
                                         value_int(6), value_int(7)),
              SHARED_MAP_OK);
}

static void run_while_frozen(SharedMap *map, uint64_t kept)
{
    static void (*const runs[])(WorkerContext *) = { get_int, get_type,
                                                     get_text, swap_long_key };
    Worker *workers[COUNT(runs)];
    lock_map_block(&map->block);
    block_freeze(&map->block);
    uint64_t before = word_load(&map->block.kept);
    word_store(&map->block.kept, kept ? kept : before);
    for (size_t i = 0; i < COUNT(runs); i++)
        workers[i] = worker_start(runs[i], map);
    test_let_others_run();
    word_store(&map->block.kept, before);
    block_thaw(&map->block);
    block_unlock(&map->block);
    for (size_t i = 0; i < COUNT(runs); i++)
        worker_join(&workers[i]);
    CHECK_INT(int_at(map, LONG_KEY), 7);
}

TEST(waiting_to_swap, "who swaps what is frozen waits until it is thawed")
{
    SharedMap *map = map_of_three();
    run_while_frozen(map, 0);
    shared_map_free(&map);
}

TEST(waiting_to_look, "who finds nothing that holds, time after time, waits")
{
    SharedMap *map = map_of_three();
    run_while_frozen(map, UINT64_C(1) << 40);
    shared_map_free(&map);
}

// Buffers

static char buffer[1 << 16] __attribute__((aligned(64)));

static void attach_other_kind(void)
{
    SharedMap *map = shared_map_new_in(buffer, sizeof buffer);
    map->layout++;
    shared_map_attach(buffer);
}

TEST(other_kind, "a map of a program of another kind is not attached to")
{
    CHECK_DIES(attach_other_kind,
               "this map was made by another kind of program");
}

static size_t too_few;

static void map_in_too_few(void)
{
    shared_map_new_in(buffer, too_few);
}

static void map_of_no_bytes(void)
{
    shared_map_new_sized(0);
}

TEST(no_room_for_tables, "a buffer with no room for its two tables is refused")
{
    const char *words = "a shared map does not fit in ";
    CHECK_DIES(map_of_no_bytes, "a shared map does not fit in 0 bytes");
    too_few = sizeof(SharedMap) - 1;
    CHECK_DIES(map_in_too_few, words);
    too_few = sizeof(SharedMap);
    for (; too_few < sizeof(SharedMap) + 2 * sizeof(Table); too_few += 16)
        CHECK_DIES(map_in_too_few, words);
}

TEST(larger_than_it_can_use, "a buffer of 9 GiB makes a map of 4 GiB")
{
    const size_t size = (size_t)9 << 30;
    void *memory = sizeof(size_t) > 4 ? memory_reserve(size) : NULL;
    if (memory == NULL)
        test_skip("there is no address space for a buffer of 9 GiB");
    SharedMap *map = shared_map_new_in(memory, size);
    CHECK(map->block.table_bytes <= UINT32_MAX);
    CHECK(map->block.table_bytes > UINT32_MAX - CACHE_LINE);
    for (int i = 0; i < 100; i++) {
        CHECK(shared_map_set_text(map, "key", "some text, now and then"));
        CHECK(shared_map_delete(map, "key"));
    }
    CHECK(shared_map_set_text(map, "key", "the last text"));
    check_value(map, "key", value_text("the last text"));
    shared_map_free(&map);
    memory_release(memory, size);
}

static void release_no_memory(void)
{
    memory_release(buffer + 1, sizeof buffer);  // no page begins there
}

TEST(no_memory, "to release what was not reserved dies")
{
    CHECK_DIES(release_no_memory, "munmap: ");
}
