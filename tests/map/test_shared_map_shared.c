// The promises of shared_map.h to threads and processes that share a map:
// through its buffer, also where it is mapped elsewhere. Processes that are
// killed are in test_shared_map_kills.c.

#include "shared_map.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/die.h"
#include "map_checks.h"
#include "test.h"
#include "worker_threads.h"

// Buffers

TEST(attach, "whoever attaches to the buffer uses the same map")
{
    SharedMap *map = shared_map_new();
    CHECK(shared_map_set_int(map, "balance", 100));
    SharedMap *same = shared_map_attach(shared_map_buffer(map));
    CHECK_INT(int_at(same, "balance"), 100);
    CHECK(shared_map_set_int(same, "balance", 200));
    CHECK_INT(int_at(map, "balance"), 200);
    SharedMap *third = shared_map_attach(shared_map_buffer(same));
    CHECK(shared_map_delete(third, "balance"));
    CHECK_INT(shared_map_size(map), 0);
    shared_map_free(&map);
}

static void use_in_worker(WorkerContext *self)
{
    SharedMap *map = shared_map_attach(self->worker_data);
    CHECK_INT(int_at(map, "balance"), 100);
    CHECK(shared_map_set_int(map, "balance", 200));
}

TEST(worker, "a worker gets the buffer, and main sees what it sets")
{
    SharedMap *map = shared_map_new();
    CHECK(shared_map_set_int(map, "balance", 100));
    worker_join(
        &(Worker *){ worker_start(use_in_worker, shared_map_buffer(map)) });
    CHECK_INT(int_at(map, "balance"), 200);
    shared_map_free(&map);
}

TEST(own_memory, "a map in memory of ours leaves it to us")
{
    void *memory = must_malloc(4096);
    for (int i = 0; i < 3; i++) {
        SharedMap *map = shared_map_new_in(memory, 4096);
        CHECK_INT(shared_map_size(map), 0);
        CHECK(shared_map_set_int(map, "key", 1));
        CHECK_INT(int_at(shared_map_attach(shared_map_buffer(map)), "key"), 1);
        shared_map_free(&map);
    }
    memset(memory, 0xdb, 4096);
    free(memory);
}

static void attach_to_nothing(void)
{
    shared_map_attach(NULL);
}

static void attach_to_zeros(void)
{
    shared_map_attach(must_calloc(1, 4096));
}

static void attach_to_text(void)
{
    char text[4096] = "This is a text, and no map at all.";
    shared_map_attach(text);
}

static void attach_to_freed(void)
{
    void *memory = must_malloc(4096);
    shared_map_free(&(SharedMap *){ shared_map_new_in(memory, 4096) });
    shared_map_attach(memory);
}

TEST(attach_to_others, "to attach to what is no map dies, and says so")
{
    CHECK_DIES(attach_to_nothing, "shared_map_attach: there is no shared map");
    CHECK_DIES(attach_to_zeros, "shared_map_attach: there is no shared map");
    CHECK_DIES(attach_to_text, "shared_map_attach: there is no shared map");
    CHECK_DIES(attach_to_freed, "shared_map_attach: there is no shared map");
}

// Two mappings of the same file, at different addresses.
typedef struct Twice {
    SharedMap *here, *there;
    void *first, *second;
} Twice;

enum { TWICE_SIZE = 1 << 20 };

static Twice map_twice(void)
{
    Twice twice;
    FILE *file = tmpfile();
    CHECK(file && ftruncate(fileno(file), TWICE_SIZE) == 0);
    twice.first = mmap(NULL, TWICE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED,
                       fileno(file), 0);
    twice.second = mmap(NULL, TWICE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED,
                        fileno(file), 0);
    CHECK(twice.first != MAP_FAILED && twice.second != MAP_FAILED);
    fclose(file);
    twice.here = shared_map_new_in(twice.first, TWICE_SIZE);
    twice.there = shared_map_attach(twice.second);
    CHECK(twice.here != twice.there);
    return twice;
}

static void unmap_twice(Twice *twice)
{
    shared_map_free(&twice->here);
    CHECK(munmap(twice->first, TWICE_SIZE) == 0);
    CHECK(munmap(twice->second, TWICE_SIZE) == 0);
}

static bool use_there(Value *value, void *context)
{
    Twice *twice = context;
    (void)value;
    shared_map_size(twice->there);
    return true;
}

static void update_here_use_there(void)
{
    Twice twice = map_twice();
    shared_map_update(twice.here, "key", use_there, &twice);
}

TEST(change_elsewhere,
     "a change that calls its map where else it is mapped dies")
{
    CHECK_DIES(update_here_use_there, "its change called the same map");
}

static const char *key_number(char key[20], int number)
{
    snprintf(key, 20, "key %d", number);
    return key;
}

TEST(two_mappings, "a map that is mapped twice is the same, also as it grows")
{
    Twice twice = map_twice();
    char key[20], text[20];
    for (int i = 0; i < 3000; i++) {
        SharedMap *writer = i % 2 ? twice.here : twice.there;
        CHECK(shared_map_set_text(writer, key_number(key, i), key));
        SharedMap *reader = i % 2 ? twice.there : twice.here;
        CHECK(shared_map_get_text(reader, key, text, sizeof text));
        CHECK_TEXT(text, key);
    }
    shared_map_clear(twice.there);
    CHECK_INT(shared_map_size(twice.here), 0);
    unmap_twice(&twice);
}

// Processes

static pid_t start_child(void (*run)(SharedMap *map), SharedMap *map)
{
    fflush(NULL);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        run(map);
        _Exit(0);
    }
    return child;
}

static void join_child(pid_t child)
{
    int status = -1;
    CHECK(waitpid(child, &status, 0) == child);
    CHECK_INT(status, 0);
}

static void answer(SharedMap *map)
{
    CHECK_INT(int_at(map, "before"), 1);
    while (!shared_map_has(map, "question"))
        sched_yield();
    CHECK(shared_map_delete(map, "before"));
    CHECK(shared_map_set_text(map, "answer", "from a child"));
}

TEST(child, "parent and child see what the other one sets")
{
    SharedMap *map = shared_map_new();
    CHECK(shared_map_set_int(map, "before", 1));
    pid_t child = start_child(answer, map);
    CHECK(shared_map_set_null(map, "question"));
    join_child(child);
    char text[20];
    CHECK(shared_map_get_text(map, "answer", text, sizeof text));
    CHECK_TEXT(text, "from a child");
    CHECK(!shared_map_has(map, "before"));
    shared_map_free(&map);
}

enum { STEPS = 50 * 1000 };

static void set_numbers(SharedMap *map)
{
    for (int i = 1; i <= STEPS; i++) {
        CHECK(shared_map_set_int(map, "first", i));
        CHECK(shared_map_set_int(map, "second", i));
        if (i % 100 == 0)
            CHECK(shared_map_set_text(map, "comes and goes", "some text") &&
                  shared_map_delete(map, "comes and goes"));
    }
}

TEST(child_sets, "the parent sees each number that a child sets, in order")
{
    Twice twice = map_twice();
    CHECK(shared_map_set_int(twice.here, "first", 0));
    CHECK(shared_map_set_int(twice.here, "second", 0));
    pid_t child = start_child(set_numbers, twice.there);
    for (long long last = 0; last < STEPS;) {
        long long second = int_at(twice.here, "second");
        CHECK(int_at(twice.here, "first") >= second && second >= last);
        last = second;
    }
    join_child(child);
    unmap_twice(&twice);
}

enum { CHILDREN = 3, TIMES = 3000 };

static void count_up(SharedMap *map)
{
    for (int i = 0; i < TIMES; i++) {
        CHECK_INT(shared_map_add(map, "added", 1, NULL), SHARED_MAP_OK);
        CHECK_INT(shared_map_update(map, "updated", add_one, NULL),
                  SHARED_MAP_OK);
    }
}

TEST(counting, "processes that add and update lose nothing, in any mapping")
{
    Twice twice = map_twice();
    pid_t children[CHILDREN];
    for (int i = 0; i < CHILDREN; i++)
        children[i] = start_child(count_up, i % 2 ? twice.here : twice.there);
    count_up(twice.here);
    for (int i = 0; i < CHILDREN; i++)
        join_child(children[i]);
    CHECK_INT(int_at(twice.here, "added"), (CHILDREN + 1) * TIMES);
    CHECK_INT(int_at(twice.there, "updated"), (CHILDREN + 1) * TIMES);
    unmap_twice(&twice);
}

static void insert(SharedMap *map)
{
    char key[20];
    for (int i = 0; i < TIMES; i++)
        CHECK(shared_map_set_int(map, key_number(key, i), i));
}

// The parent follows how the map grows, which happens in the child alone.
TEST(growth, "a map that grows in one process grows in all")
{
    SharedMap *map = shared_map_new();
    pid_t child = start_child(insert, map);
    size_t size;
    do {
        MapEntries *entries = shared_map_entries(map);
        size = entries->count;
        for (size_t i = 0; i < size; i++)
            CHECK_INT(entries->at[i].value.integer, (long long)i);
        free(entries);
    } while (size < TIMES);
    join_child(child);
    CHECK_INT(int_at(map, "key 2999"), 2999);
    shared_map_free(&map);
}
