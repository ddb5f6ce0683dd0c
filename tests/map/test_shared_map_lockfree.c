// Calls that are lock-free: threads get, and set numbers, while other threads
// add and delete, write texts, move the map and look at all of it.

#include "shared_map.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "map_disturb.h"
#include "test.h"

static void add_or_disturb(WorkerContext *self)
{
    long long number;
    SharedMap *map = attach_together(self, &number);
    unsigned random = (unsigned)number;
    for (int i = 0; i < ROUNDS; i++) {
        CHECK_INT(shared_map_add(map, "one", 1, NULL), SHARED_MAP_OK);
        CHECK_INT(shared_map_add(map, "a longer name for one", 1, NULL),
                  SHARED_MAP_OK);
        if (number % 2 == 0)
            come_and_go(map, number, &random);
    }
}

TEST(adding_as_it_moves, "no sum is lost while the map is moved and looked at")
{
    SharedMap *map = run_in_threads(small_map(), add_or_disturb);
    CHECK_INT(int_at(map, "one"), THREADS * ROUNDS);
    CHECK_INT(int_at(map, "a longer name for one"), THREADS * ROUNDS);
    shared_map_free(&map);
}

// Up and down where integers get too long to be set without a lock.
static void add_at_the_bound(WorkerContext *self)
{
    long long number;
    SharedMap *map = attach_together(self, &number);
    unsigned random = (unsigned)number;
    long long own = 0;
    for (int i = 0; i < ROUNDS / 2; i++) {
        long long amount = (long long)random_below(&random, 5) - 2;
        if (random_below(&random, 100) == 0)
            amount = -own;
        CHECK_INT(shared_map_add(map, "one", amount, NULL), SHARED_MAP_OK);
        own += amount;
    }
    CHECK_INT(shared_map_add(map, "one", -own, NULL), SHARED_MAP_OK);
}

TEST(adding_at_the_bound, "no sum is lost where integers get longer")
{
    for (int sign = -1; sign <= 1; sign += 2) {
        SharedMap *map = small_map();
        CHECK(shared_map_set_int(map, "one", sign * (1LL << 47)));
        run_in_threads(map, add_at_the_bound);
        CHECK_INT(int_at(map, "one"), sign * (1LL << 47));
        shared_map_free(&map);
    }
}

// All threads set the same missing keys, in the same order.
static void set_the_same(WorkerContext *self)
{
    long long number;
    SharedMap *map = attach_together(self, &number);
    for (int i = 0; i < ROUNDS / 5; i++) {
        char key[20];
        snprintf(key, sizeof key, "key %d", i);
        CHECK(shared_map_set_int(map, key, number));
        CHECK(shared_map_has(map, key));
    }
}

TEST(setting_the_same, "a missing key that many threads set is there once")
{
    SharedMap *map = run_in_threads(shared_map_new(), set_the_same);
    CHECK_INT(shared_map_size(map), ROUNDS / 5 + 1);
    MapEntries *entries = shared_map_entries(map);
    CHECK_INT(entries->count, ROUNDS / 5 + 1);
    for (int i = 0; i < ROUNDS / 5; i++) {
        char key[20];
        snprintf(key, sizeof key, "key %d", i);
        CHECK_TEXT(entries->at[i + 1].key, key);
    }
    free(entries);
    shared_map_free(&map);
}

// The first thread counts its keys up, in no fixed order. The sign of each says
// which key it is.
static void count_up(SharedMap *map, unsigned *random)
{
    long long values[KEYS] = { 0 };
    for (int i = 0; i < ROUNDS; i++) {
        unsigned k = random_below(random, KEYS);
        values[k] += KEYS;
        CHECK(shared_map_set_int(map, keys[k], values[k] + k));
    }
    CHECK(shared_map_set_null(map, "the end"));
}

static void follow(SharedMap *map, unsigned *random)
{
    long long last[KEYS] = { 0 };
    while (!shared_map_has(map, "the end")) {
        unsigned k = random_below(random, KEYS);
        long long value = int_at(map, keys[k]);
        CHECK_INT(value % KEYS, k);
        CHECK(value >= last[k]);
        last[k] = value;
    }
}

static void count_follow_or_disturb(WorkerContext *self)
{
    long long number;
    SharedMap *map = attach_together(self, &number);
    unsigned random = (unsigned)number;
    if (number == 1)
        count_up(map, &random);
    else if (number == 2)
        follow(map, &random);
    else
        while (!shared_map_has(map, "the end"))
            come_and_go(map, number, &random);
}

TEST(following, "a key that is there is found, and its value never older")
{
    SharedMap *map = small_map();
    for (int i = 0; i < KEYS; i++)
        CHECK(shared_map_set_int(map, keys[i], i));
    run_in_threads(map, count_follow_or_disturb);
    shared_map_free(&map);
}

// Two keys that one thread sets in turn: the second is never ahead.

static void set_x_and_y(SharedMap *map)
{
    for (int i = 1; i <= ROUNDS; i++) {
        CHECK(shared_map_set_int(map, "x", i));
        CHECK(shared_map_set_int(map, "y", i));
    }
    CHECK(shared_map_set_null(map, "the end"));
}

static long long entry_at(const MapEntries *entries, const char *key)
{
    for (size_t i = 0; i < entries->count; i++)
        if (strcmp(entries->at[i].key, key) == 0)
            return entries->at[i].value.integer;
    CHECK(false);
    return 0;
}

static void look_at_x_and_y(SharedMap *map)
{
    while (!shared_map_has(map, "the end")) {
        MapEntries *entries = shared_map_entries(map);
        long long x = entry_at(entries, "x"), y = entry_at(entries, "y");
        CHECK(x == y || x == y + 1);
        free(entries);
        y = int_at(map, "y");
        CHECK(int_at(map, "x") >= y);
    }
}

static void set_or_look(WorkerContext *self)
{
    long long number;
    SharedMap *map = attach_together(self, &number);
    unsigned random = (unsigned)number;
    if (number == 1)
        set_x_and_y(map);
    else if (number == 2)
        while (!shared_map_has(map, "the end"))
            come_and_go(map, number, &random);
    else
        look_at_x_and_y(map);
}

TEST(one_moment, "entries are those of one moment, while numbers are set")
{
    SharedMap *map = small_map();
    CHECK(shared_map_set_int(map, "x", 0));
    CHECK(shared_map_set_int(map, "y", 0));
    run_in_threads(map, set_or_look);
    shared_map_free(&map);
}

// Each of two threads sets its key, and then looks at the other's, in step.

static atomic_int arrived, missed;

static void set_then_look(WorkerContext *self)
{
    long long number;
    SharedMap *map = self->worker_data;
    CHECK_INT(shared_map_add(map, "threads", 1, &number), SHARED_MAP_OK);
    const char *own = number == 1 ? "x" : "y", *other = number == 1 ? "y" : "x";
    for (int i = 1; i <= 1000; i++) {
        meet(&arrived, 2, 3 * i - 3);
        CHECK(shared_map_set_int(map, own, i));
        if (int_at(map, other) != i)
            atomic_fetch_add(&missed, 1);
        meet(&arrived, 2, 3 * i - 2);
        CHECK(atomic_load(&missed) <= 1);
        meet(&arrived, 2, 3 * i - 1);
        atomic_store(&missed, 0);
    }
}

TEST(not_both_first,
     "of two that set, and then get, one sees the other's value")
{
    SharedMap *map = shared_map_new();
    CHECK(shared_map_set_int(map, "x", 0));
    CHECK(shared_map_set_int(map, "y", 0));
    Worker *one = worker_start(set_then_look, map);
    Worker *another = worker_start(set_then_look, map);
    worker_join(&one);
    worker_join(&another);
    shared_map_free(&map);
}
