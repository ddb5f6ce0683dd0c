// Calls that are lock-free: threads get, and set numbers, while other threads
// add and delete, write texts, move the map and look at all of it.

#include "shared_map.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "map_threads.h"
#include "test.h"

enum { ROUNDS = 50 * 1000, LONGEST = 400 };

// Disturbing

// Keys and texts that come and go, so that a small map moves every few calls.
static void come_and_go(SharedMap *map, long long thread, unsigned *random)
{
    char key[40], text[LONGEST + 1];
    snprintf(key, sizeof key, "%lld, of a thread, %u", thread,
             random_below(random, 4));
    size_t size = random_below(random, 100);
    memset(text, 'x', size);
    text[size] = '\0';
    CHECK(shared_map_set_text(map, key, text));
    if (random_below(random, 3) == 0)
        CHECK(shared_map_delete(map, key));
    if (random_below(random, 50) == 0)
        free(shared_map_entries(map));
}

static SharedMap *small_map(void)
{
    return shared_map_new_sized(10 * 1000);
}

// Numbers

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
enum { KEYS = 8 };

static const char *const keys[KEYS] = { "a",
                                        "b",
                                        "c",
                                        "d",
                                        "key e",
                                        "key f",
                                        "a name longer than short ones",
                                        "another name longer than those" };

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

// Whole values

// A text says in its first letters how long it is, and by that what the others
// are.
static void make_text(char text[LONGEST + 1], unsigned size)
{
    memset(text, (int)('a' + size % 26), LONGEST);
    snprintf(text, 5, "%03u", size);
    text[3] = '!';
    text[size] = '\0';
}

static void check_text(const char *text, size_t size)
{
    char expected[LONGEST + 1];
    CHECK(size >= 4 && size <= LONGEST);
    make_text(expected, (unsigned)size);
    CHECK_TEXT(text, expected);
}

static unsigned any_size(unsigned *random)
{
    return 4 + random_below(random, random_below(random, 2) ? 20 : LONGEST - 4);
}

// Values of all types of which one sees whether they are whole.
static void set_any(SharedMap *map, const char *key, unsigned *random)
{
    char text[LONGEST + 1];
    long long number = random_below(random, 1000);
    switch (random_below(random, 6)) {
    case 0:
        CHECK(shared_map_set_int(map, key, number));
        break;
    case 1:
        CHECK(shared_map_set_int(map, key, (number << 50) + number));
        break;
    case 2:
        CHECK(shared_map_set_real(map, key, (double)number + 0.5));
        break;
    case 3:
        CHECK(shared_map_set_bytes(map, key, NULL, 0));
        break;
    default:
        make_text(text, any_size(random));
        CHECK(shared_map_set_text(map, key, text));
    }
}

static void check_any(Value value)
{
    long long integer = value.type == VALUE_INT ? value.integer : 0;
    if (value.type == VALUE_TEXT)
        check_text(value.text, value.size);
    else if (value.type == VALUE_BYTES)
        CHECK_INT(value.size, 0);
    else if (value.type == VALUE_REAL)
        CHECK(value.real - (long long)value.real == 0.5);
    else
        CHECK(value.type == VALUE_INT && integer % 1000 >= 0 &&
              (integer < 1000 || integer >> 50 == integer % (1LL << 50)));
}

static void read_any(SharedMap *map, const char *key)
{
    char text[LONGEST + 1];
    Value value = value_none();
    CHECK(shared_map_get(map, key, &value));
    check_any(value);
    value_free(&value);
    if (shared_map_get_text(map, key, text, sizeof text))
        check_text(text, strlen(text));
    CHECK(shared_map_type(map, key) >= VALUE_INT);
}

static void write_read_or_disturb(WorkerContext *self)
{
    long long number;
    SharedMap *map = attach_together(self, &number);
    unsigned random = (unsigned)number;
    for (int i = 0; i < ROUNDS; i++)
        if (number == 1)
            set_any(map, keys[i % KEYS], &random);
        else if (number == 2 && i % 4 == 0)
            come_and_go(map, number, &random);
        else
            read_any(map, keys[random_below(&random, KEYS)]);
}

TEST(whole_values, "values of all types are whole, whatever is made of the map")
{
    SharedMap *map = shared_map_new_sized(20 * 1000);
    for (int i = 0; i < KEYS; i++)
        CHECK(shared_map_set_int(map, keys[i], 0));
    run_in_threads(map, write_read_or_disturb);
    for (int i = 0; i < KEYS; i++)
        read_any(map, keys[i]);
    shared_map_free(&map);
}

// The map is cleared again and again, and what comes then is never what was.
static void fill_and_clear(SharedMap *map)
{
    char text[LONGEST + 1];
    for (unsigned i = 0; i < ROUNDS; i++) {
        make_text(text, 4 + i % 200);
        CHECK(shared_map_set_int(map, "round", i));
        CHECK(shared_map_set_text(map, "text", text));
        CHECK(shared_map_set_int(map, i % 2 ? "odd" : "even", i));
        shared_map_clear(map);
    }
    CHECK(shared_map_set_null(map, "the end"));
}

static void read_cleared(SharedMap *map)
{
    long long last = 0, round = 0;
    while (!shared_map_has(map, "the end")) {
        char text[LONGEST + 1];
        if (shared_map_get_int(map, "round", &round))
            CHECK(round >= last);
        last = round;
        if (shared_map_get_text(map, "text", text, sizeof text))
            check_text(text, strlen(text));
        if (shared_map_get_int(map, "odd", &round))
            CHECK(round % 2 == 1 && round >= last);
        if (shared_map_get_int(map, "even", &round))
            CHECK(round % 2 == 0 && round >= last);
        last = round;
        CHECK(shared_map_size(map) <= 4);
    }
}

static void read_in_worker(WorkerContext *self)
{
    read_cleared(self->worker_data);
}

TEST(cleared, "a map that is cleared shows nothing of what was before")
{
    Worker *readers[2];
    SharedMap *map = small_map();
    for (int i = 0; i < 2; i++)
        readers[i] = worker_start(read_in_worker, map);
    fill_and_clear(map);
    for (int i = 0; i < 2; i++)
        worker_join(&readers[i]);
    shared_map_free(&map);
}
