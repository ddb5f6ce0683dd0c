// The promise of shared_map_update to a slow change: against threads that set
// the key all the time it runs ten times in vain, and then it has its turn.

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kit.h"
#include "map_checks.h"
#include "shared_map.h"
#include "test.h"

// Another thread sets the key each time that the change asks for it, and the
// change waits until it has: so the change loses. In its turn the other thread
// cannot, and the change sees in vain for a moment whether it does.
typedef struct Race {
    SharedMap *map;
    void (*set)(SharedMap *map, int round);  // changes the key
    bool (*change)(Value *value, int calls);
    const char *key;
    SharedMap *another;  // called by the change, unless NULL
    int most;            // it asks no more often
    int calls;           // of the change
    atomic_int asked, done;
    atomic_bool has_ended;
} Race;

static void *set_when_asked(void *context)
{
    Race *race = context;
    while (!atomic_load(&race->has_ended) ||
           atomic_load(&race->done) < atomic_load(&race->asked)) {
        int done = atomic_load(&race->done);
        if (done == atomic_load(&race->asked)) {
            sched_yield();
            continue;
        }
        race->set(race->map, done);
        atomic_store(&race->done, done + 1);
    }
    return NULL;
}

static bool lose(Value *value, void *context)
{
    Race *race = context;
    int asked = ++race->calls;
    if (asked <= race->most) {
        Deadline soon = deadline_in_ms(200);
        atomic_store(&race->asked, asked);
        while (atomic_load(&race->done) < asked &&
               deadline_remaining_ns(soon) > 0)
            sched_yield();
    }
    if (race->another)
        CHECK(shared_map_set_int(race->another, "key", asked));
    return race->change(value, asked);
}

// Returns the result of the update; all that was asked for has been set then.
static MapResult run(Race *race)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, set_when_asked, race) == 0);
    MapResult result = shared_map_update(race->map, race->key, lose, race);
    atomic_store(&race->has_ended, true);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK_INT(atomic_load(&race->done), atomic_load(&race->asked));
    return result;
}

static void add_1(SharedMap *map, int round)
{
    (void)round;
    CHECK_INT(shared_map_add(map, "key", 1, NULL), SHARED_MAP_OK);
}

static bool add_thousand(Value *value, int calls)
{
    CHECK(value->type == VALUE_INT || value->type == VALUE_NONE);
    long long old = value->type == VALUE_INT ? value->integer : 0;
    CHECK_INT(old, calls - 1);
    *value = value_int(old + 1000);
    return true;
}

static void check_race(Race race, MapResult expected, int calls)
{
    race.map = shared_map_new_sized(64 * 1024);
    race.most = 40;
    race.key = "key";
    CHECK_INT(run(&race), expected);
    CHECK_INT(race.calls, calls);
    shared_map_free(&race.map);
}

static Race with_int(void)
{
    Race race = { .map = shared_map_new_sized(64 * 1024), .most = 40 };
    race.key = "key";
    CHECK(shared_map_set_int(race.map, "key", 0));
    return race;
}

TEST(numbers, "an update comes through against a thread that adds")
{
    Race race = with_int();
    race.set = add_1;
    race.change = add_thousand;
    CHECK_INT(run(&race), SHARED_MAP_OK);
    CHECK_INT(race.calls, 11);
    CHECK_INT(int_at(race.map, "key"), 1011);
    shared_map_free(&race.map);
}

static void set_large(SharedMap *map, int round)
{
    CHECK(shared_map_set_int(map, "key", (1LL << 60) + round));
}

static bool to_text(Value *value, int calls)
{
    CHECK(calls == 1 || value->integer == (1LL << 60) + calls - 2);
    *value = value_text("the text");
    return true;
}

TEST(large_numbers, "also when the numbers are long")
{
    check_race((Race){ .set = set_large, .change = to_text }, SHARED_MAP_OK,
               11);
}

static void set_text(SharedMap *map, int round)
{
    char text[20];
    snprintf(text, sizeof text, "text %d", round);
    CHECK(shared_map_set_text(map, "key", text));
}

static bool to_int(Value *value, int calls)
{
    char text[20];
    snprintf(text, sizeof text, "text %d", calls - 2);
    CHECK(value_equal(*value, calls == 1 ? value_none() : value_text(text)));
    *value = value_int(calls);
    return true;
}

TEST(texts, "also against a thread that sets texts")
{
    check_race((Race){ .set = set_text, .change = to_int }, SHARED_MAP_OK, 11);
}

static void come_or_go(SharedMap *map, int round)
{
    if (round % 2)
        CHECK(shared_map_delete(map, "key"));
    else
        CHECK(shared_map_set_int(map, "key", round));
}

static bool to_nothing(Value *value, int calls)
{
    CHECK_INT(value->type, calls % 2 ? VALUE_NONE : VALUE_INT);
    *value = value->type == VALUE_NONE ? value_int(1) : value_none();
    return true;
}

TEST(keys, "also against a thread that deletes the key and sets it")
{
    check_race((Race){ .set = come_or_go, .change = to_nothing }, SHARED_MAP_OK,
               11);
}

static bool refuse(Value *value, int calls)
{
    *value = value_int(-1);
    return calls < 11;
}

TEST(refused, "a change that returns false in its turn leaves all as it was")
{
    Race race = with_int();
    race.set = add_1;
    race.change = refuse;
    CHECK_INT(run(&race), SHARED_MAP_DIFFERS);
    CHECK_INT(race.calls, 11);
    CHECK_INT(int_at(race.map, "key"), 11);
    add_1(race.map, 0);
    CHECK_INT(int_at(race.map, "key"), 12);
    shared_map_free(&race.map);
}

static bool delete (Value *value, int calls)
{
    (void)calls;
    *value = value_none();
    return true;
}

TEST(deleted, "a change in its turn may delete the key")
{
    Race race = with_int();
    race.set = add_1;
    race.change = delete;
    CHECK(shared_map_set_int(race.map, "other", 1));
    CHECK_INT(run(&race), SHARED_MAP_OK);
    CHECK_INT(race.calls, 11);
    CHECK_INT(int_at(race.map, "key"), 1);  // added afterwards, to nothing
    CHECK_INT(shared_map_size(race.map), 2);
    shared_map_free(&race.map);
}

static char long_text[40 * 1000];

static bool to_long(Value *value, int calls)
{
    (void)calls;
    memset(long_text, 'l', sizeof long_text - 1);
    *value = value_text(long_text);
    return true;
}

TEST(too_long, "a change in its turn may want too much, and changes nothing")
{
    Race race = with_int();
    race.set = add_1;
    race.change = to_long;
    CHECK_INT(run(&race), SHARED_MAP_FULL);
    CHECK_INT(race.calls, 11);
    CHECK_INT(int_at(race.map, "key"), 11);
    add_1(race.map, 0);
    CHECK_INT(int_at(race.map, "key"), 12);
    shared_map_free(&race.map);
}

static bool to_longer(Value *value, int calls)
{
    (void)calls;
    memset(long_text, 'l', 15 * 1000);
    *value = value_text(long_text);
    return true;
}

static void set_number(SharedMap *map, int round)
{
    CHECK(shared_map_set_int(map, "key", -1 - round));
}

TEST(moved, "a change in its turn may want so much that the map moves")
{
    Race race = with_int();
    race.set = set_number;
    race.change = to_longer;
    memset(long_text, 'g', 15 * 1000);
    for (int i = 0; i < 100; i++)
        CHECK(shared_map_set_int(race.map, "other", i));
    CHECK(shared_map_set_text(race.map, "garbage", long_text));
    CHECK(shared_map_delete(race.map, "garbage"));
    CHECK_INT(run(&race), SHARED_MAP_OK);
    CHECK(race.calls == 11 || race.calls == 12);
    CHECK_INT(int_at(race.map, "other"), 99);
    CHECK_INT(shared_map_type(race.map, "key"), VALUE_INT);  // set afterwards
    shared_map_free(&race.map);
}

TEST(another, "a change that has called another map never has a turn")
{
    Race race = with_int();
    race.set = add_1;
    race.change = add_thousand;
    race.another = shared_map_new();
    CHECK_INT(run(&race), SHARED_MAP_OK);
    CHECK_INT(race.calls, 41);
    CHECK_INT(int_at(race.map, "key"), 1040);
    CHECK_INT(int_at(race.another, "key"), 41);
    shared_map_free(&race.another);
    shared_map_free(&race.map);
}

// All at once

enum { ADDERS = 2, UPDATES = 100 };

typedef struct Storm {
    SharedMap *map;
    atomic_bool has_ended;
    atomic_llong added;
} Storm;

static void *add_on(void *context)
{
    Storm *storm = context;
    while (!atomic_load(&storm->has_ended)) {
        add_1(storm->map, 0);
        CHECK(shared_map_set_text(storm->map, "text", "t"));
        CHECK_INT(shared_map_add(storm->map, "other", 1, NULL), SHARED_MAP_OK);
        atomic_fetch_add(&storm->added, 1);
    }
    return NULL;
}

static bool add_slowly(Value *value, void *calls)
{
    ++*(int *)calls;
    let_pass(20 * 1000);
    value->integer += 1000;
    return true;
}

TEST(storm, "slow updates of a number come through a storm, and none is lost")
{
    Storm storm = { .map = shared_map_new() };
    pthread_t threads[ADDERS];
    CHECK(shared_map_set_int(storm.map, "key", 0));
    CHECK(shared_map_set_int(storm.map, "other", 0));
    for (int i = 0; i < ADDERS; i++)
        CHECK(pthread_create(&threads[i], NULL, add_on, &storm) == 0);
    for (int i = 0; i < UPDATES; i++) {
        int calls = 0;
        CHECK_INT(shared_map_update(storm.map, "key", add_slowly, &calls),
                  SHARED_MAP_OK);
        CHECK(calls <= 11);
    }
    atomic_store(&storm.has_ended, true);
    for (int i = 0; i < ADDERS; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
    long long added = atomic_load(&storm.added);
    CHECK_INT(int_at(storm.map, "key"), added + 1000 * UPDATES);
    CHECK_INT(int_at(storm.map, "other"), added);
    shared_map_free(&storm.map);
}
