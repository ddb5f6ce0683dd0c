// The bag of a pool's tasks: in order as a rule, none lost when the hints are
// wrong, exact when it is full or closed. This program brings its own
// task_bag.c, to see and set the hints. All tests have one thread: one that
// looks for a task that is not there would hang.

#define IN_COMMON
#include <limits.h>

#include "future/task_bag.c"

#include "test.h"

static Future *futures[PLACES + 1];

static void nothing(Task *self)
{
    (void)self;
}

static TaskBag *bag_new(void)
{
    for (int i = 0; i <= PLACES; i++)
        if (futures[i] == NULL)
            futures[i] = future_new(nothing, NULL, 0);
    return task_bag_new();
}

static void put(TaskBag *bag, int first, int end)
{
    for (int i = first; i < end; i++)
        CHECK(task_bag_put(bag, futures[i]));
}

static void take(TaskBag *bag, int first, int end)
{
    for (int i = first; i < end; i++)
        CHECK(task_bag_take(bag) == futures[i]);
}

static void close_and_free(TaskBag *bag)
{
    task_bag_close(bag);
    CHECK(task_bag_take(bag) == NULL);
    task_bag_free(bag);
}

TEST(in_order, "tasks are taken in the order in which they were put in")
{
    TaskBag *bag = bag_new();
    for (int round = 0; round < 1000; round++) {
        put(bag, 0, round % 5);
        take(bag, 0, round % 5);
    }
    put(bag, 0, 3);
    task_bag_close(bag);
    take(bag, 0, 3);
    close_and_free(bag);
}

TEST(full, "exactly so many fit, and one more for each that was taken")
{
    TaskBag *bag = bag_new();
    for (int round = 0; round < 3; round++) {
        put(bag, 0, PLACES);
        for (int i = 0; i < 3; i++)
            CHECK(!task_bag_put(bag, futures[PLACES]));
        take(bag, 0, 1);
        put(bag, PLACES, PLACES + 1);
        CHECK(!task_bag_put(bag, futures[0]));
        take(bag, 1, PLACES + 1);
    }
    close_and_free(bag);
}

TEST(closed, "what comes after the close stays with the caller")
{
    TaskBag *bag = bag_new();
    put(bag, 0, 2);
    task_bag_close(bag);
    for (int i = 2; i < 5; i++)
        CHECK(!task_bag_put(bag, futures[i]));
    take(bag, 0, 2);
    close_and_free(bag);
}

TEST(back, "what was taken back is in no more, and keeps its place")
{
    TaskBag *bag = bag_new();
    put(bag, 0, PLACES);
    unsigned place = futures[1]->place;
    CHECK(!task_bag_take_back(bag, place, futures[2]));
    CHECK(task_bag_take_back(bag, place, futures[1]));
    CHECK(!task_bag_take_back(bag, place, futures[1]));
    CHECK(!task_bag_put(bag, futures[PLACES]));
    task_bag_clear(bag, place);
    put(bag, PLACES, PLACES + 1);
    CHECK_INT(futures[PLACES]->place, place);
    CHECK(task_bag_take_back(bag, place, futures[PLACES]));
    task_bag_clear(bag, place);
    for (int i = 0; i < PLACES - 1; i++) {
        Future *future = task_bag_take(bag);
        CHECK(future != futures[1] && future != futures[PLACES]);
    }
    close_and_free(bag);
}

TEST(missed, "a task that the hints have missed is taken all the same")
{
    TaskBag *bag = bag_new();
    for (int i = 0; i < 2 * PLACES; i += 7) {
        put(bag, 0, 1);
        atomic_store(&bag->take_next, atomic_load(&bag->put_next));
        CHECK(look(bag) == NULL);
        CHECK(has_any(bag));
        take(bag, 0, 1);
        CHECK(!has_any(bag));
        atomic_fetch_add(&bag->put_next, 6);
    }
    put(bag, 0, 1);
    atomic_store(&bag->take_next, atomic_load(&bag->put_next));
    task_bag_close(bag);
    take(bag, 0, 1);
    close_and_free(bag);
}

TEST(set_back, "hints that are far behind, or wrap around, do no harm")
{
    TaskBag *bag = bag_new();
    put(bag, 0, 3);
    atomic_store(&bag->take_next, atomic_load(&bag->put_next) - 5 * PLACES);
    take(bag, 0, 3);
    CHECK(look(bag) == NULL);
    atomic_store(&bag->put_next, UINT_MAX - 1);
    atomic_store(&bag->take_next, UINT_MAX - 1);
    put(bag, 0, 4);
    take(bag, 0, 4);
    close_and_free(bag);
}

TEST(again, "bags that were freed are used again, each once")
{
    TaskBag *bags[4] = { NULL };
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 4; i++) {
            bags[i] = bag_new();
            for (int other = 0; other < i; other++)
                CHECK(bags[other] != bags[i]);
            put(bags[i], 0, 2);
            take(bags[i], 0, 2);
        }
        for (int i = 0; i < 4; i++)
            close_and_free(bags[i]);
    }
    CHECK(atomic_load(&spares) == bags[3]);
}
