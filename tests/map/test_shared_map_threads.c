// Many threads at one map: no update is lost, no value is torn.

#include "shared_map.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "map_threads.h"
#include "test.h"

enum { TIMES = 10 * 1000 };
static const char *const counters[] = { "a", "b", "c", "d" };

static void check_counts(void (*run)(WorkerContext *))
{
    SharedMap *map = run_in_threads(shared_map_new(), run);
    for (size_t i = 0; i < COUNT(counters); i++)
        CHECK_INT(int_at(map, counters[i]), THREADS * TIMES);
    CHECK_INT(shared_map_size(map), COUNT(counters) + 1);
    shared_map_free(&map);
}

static void count_by_add(WorkerContext *self)
{
    long long number;
    SharedMap *map = attach_together(self, &number);
    long long last = 0, sum;
    for (int i = 0; i < TIMES; i++)
        for (size_t k = 0; k < COUNT(counters); k++)
            CHECK_INT(shared_map_add(map, counters[k], 1, &sum), SHARED_MAP_OK);
    for (int i = 0; i < 10; i++, last = sum) {
        CHECK_INT(shared_map_add(map, "a", 0, &sum), SHARED_MAP_OK);
        CHECK(sum >= last);
    }
}

TEST(counting_by_add, "four threads that add to four keys lose nothing")
{
    check_counts(count_by_add);
}

static void count_by_update(WorkerContext *self)
{
    long long number;
    SharedMap *map = attach_together(self, &number);
    for (int i = 0; i < TIMES; i++)
        for (size_t k = 0; k < COUNT(counters); k++)
            CHECK_INT(shared_map_update(map, counters[k], add_one, NULL),
                      SHARED_MAP_OK);
}

TEST(counting_by_update, "four threads that update four keys lose nothing")
{
    check_counts(count_by_update);
}

static void add_by_swap(SharedMap *map, const char *key)
{
    MapResult result;
    do {
        Value old = value_none(), sum;
        shared_map_get(map, key, &old);
        sum = value_int(old.type == VALUE_INT ? old.integer + 1 : 1);
        result = shared_map_compare_and_set(map, key, old, sum);
    } while (result == SHARED_MAP_DIFFERS);
    CHECK_INT(result, SHARED_MAP_OK);
}

static void count_by_swap(WorkerContext *self)
{
    long long number;
    SharedMap *map = attach_together(self, &number);
    for (int i = 0; i < TIMES; i++)
        for (size_t k = 0; k < COUNT(counters); k++)
            add_by_swap(map, counters[k]);
}

TEST(counting_by_swap, "four threads that compare and set lose nothing")
{
    check_counts(count_by_swap);
}

static void set_if_absent(WorkerContext *self)
{
    long long number;
    SharedMap *map = attach_together(self, &number);
    long long wins = 0;
    for (int i = 0; i < TIMES; i++) {
        char key[20];
        snprintf(key, sizeof key, "key %d", i);
        wins +=
            shared_map_set_if_absent(map, key, value_null()) == SHARED_MAP_OK;
    }
    CHECK_INT(shared_map_add(map, "wins", wins, NULL), SHARED_MAP_OK);
}

TEST(one_winner, "of four threads that set a missing key one wins")
{
    SharedMap *map = run_in_threads(shared_map_new(), set_if_absent);
    CHECK_INT(int_at(map, "wins"), TIMES);
    CHECK_INT(shared_map_size(map), TIMES + 2);
    shared_map_free(&map);
}

// A key that is there is a lock that is held: so these two calls are one step.
static void count_under_lock(WorkerContext *self)
{
    long long number;
    SharedMap *map = attach_together(self, &number);
    for (int i = 0; i < TIMES; i++) {
        while (shared_map_set_if_absent(map, "lock", value_null()) !=
               SHARED_MAP_OK)
            sched_yield();
        long long count = 0;
        shared_map_get_int(map, "count", &count);
        CHECK(shared_map_set_int(map, "count", count + 1));
        CHECK(shared_map_delete(map, "lock"));
    }
}

TEST(lock, "set_if_absent and delete make a lock of a key")
{
    SharedMap *map = run_in_threads(shared_map_new(), count_under_lock);
    CHECK_INT(int_at(map, "count"), THREADS * TIMES);
    CHECK(!shared_map_has(map, "lock"));
    shared_map_free(&map);
}

// Whole values

enum { LONGEST = 5000 };

// A text of that many letters, all the same; its length decides which letter.
static void letters(char text[LONGEST + 1], size_t length)
{
    memset(text, (int)('a' + length % 26), length);
    text[length] = '\0';
}

static void check_letters(const char *text, size_t length)
{
    char expected[LONGEST + 1];
    CHECK(length <= LONGEST);
    letters(expected, length);
    CHECK_TEXT(text, expected);
}

static void check_text_or_int(Value value)
{
    if (value.type == VALUE_TEXT)
        check_letters(value.text, value.size);
    else
        CHECK_INT(value.type, VALUE_INT);
}

static void read_values(SharedMap *map)
{
    char text[LONGEST + 1];
    if (shared_map_get_text(map, "text", text, sizeof text))
        check_letters(text, strlen(text));
    Value value = value_none();
    CHECK(shared_map_get(map, "text", &value));
    check_text_or_int(value);
    value_free(&value);
    MapEntries *entries = shared_map_entries(map);
    for (size_t i = 0; i < entries->count; i++)
        check_text_or_int(entries->at[i].value);
    free(entries);
}

static void write_value(SharedMap *map, unsigned *random)
{
    char text[LONGEST + 1];
    letters(text, 1 + random_below(random, LONGEST));
    switch (random_below(random, 3)) {
    case 0:
        CHECK(shared_map_set_int(map, "text", 1));
        break;
    case 1:
        CHECK(shared_map_set_text(map, "text", text));
        break;
    default:
        CHECK(shared_map_set_text(map, "another text", text));
    }
}

// Two threads write, two read.
static void read_or_write(WorkerContext *self)
{
    long long number;
    SharedMap *map = attach_together(self, &number);
    unsigned random = (unsigned)number;
    for (int i = 0; i < test_rounds(20 * 1000); i++)
        if (number % 2)
            write_value(map, &random);
        else
            read_values(map);
}

TEST(whole_texts, "readers see whole texts, however often they are overwritten")
{
    SharedMap *map = shared_map_new_sized(100 * 1000);
    CHECK(shared_map_set_text(map, "text", ""));
    run_in_threads(map, read_or_write);
    shared_map_free(&map);
}

// Everything at once

// Whatever others do, every entry has the value that belongs to its key.
static void check_entries(SharedMap *map)
{
    MapEntries *entries = shared_map_entries(map);
    for (size_t i = 0; i < entries->count; i++) {
        const MapEntry *entry = &entries->at[i];
        for (size_t j = 0; j < i; j++)
            CHECK(strcmp(entry->key, entries->at[j].key) != 0);
        if (entry->value.type == VALUE_TEXT)
            CHECK(strncmp(entry->value.text, entry->key, entry->key_size) == 0);
        else
            CHECK_TEXT(entry->key, "threads");
    }
    free(entries);
}

// Sets, checks or deletes a key that only this thread changes.
static void use_own_key(SharedMap *map, long long thread, unsigned *random)
{
    char key[30], text[100], found[100];
    snprintf(key, sizeof key, "%lld %u", thread, random_below(random, 8));
    snprintf(text, sizeof text, "%s%.*s", key, (int)random_below(random, 50),
             "..................................................");
    bool there = shared_map_has(map, key);
    if (random_below(random, 3) > 0) {
        CHECK(shared_map_set_text(map, key, text));
        CHECK(shared_map_get_text(map, key, found, sizeof found));
        CHECK_TEXT(found, text);
    } else {
        CHECK_INT(shared_map_delete(map, key), there);
        CHECK(!shared_map_has(map, key));
    }
}

static void use_all(WorkerContext *self)
{
    long long thread;
    SharedMap *map = attach_together(self, &thread);
    unsigned random = (unsigned)thread;
    for (int i = 0; i < 3000; i++) {
        use_own_key(map, thread, &random);
        if (i % 20 == 0)
            check_entries(map);
    }
}

TEST(all_at_once, "threads that set, delete and iterate do not disturb another")
{
    SharedMap *map = run_in_threads(shared_map_new_sized(32 * 1024), use_all);
    check_entries(map);
    CHECK_INT(int_at(map, "threads"), THREADS);
    shared_map_free(&map);
}
