// Gets take no lock, and yet every value is whole: threads get values of all
// types, while other threads write them, move the map and clear it.

#include "shared_map.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "map_disturb.h"
#include "test.h"

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
