// The promises of shared_map.h when a process is killed in the middle of a
// call, tried at each store that the call makes: map_crashes.h.

#include <stdio.h>

#include "map_checks.h"
#include "map_crashes.h"
#include "map_mutations.h"

static void try_all(void (*crash)(const Mutation *mutation),
                    const Mutation *mutations, size_t count)
{
    crashes_must_be_possible();
    for (size_t i = 0; i < count; i++)
        crash(&mutations[i]);
    printf("%zu mutations", count);
    if (crashes.points)
        printf(", killed at %ld points and in %ld other orders of stores",
               crashes.points, crashes.orders);
    if (crashes.waited)
        printf(", at %ld points, while %ld times another waited",
               crashes.waited, crashes.waits);
    if (crashes.pairs)
        printf(", at %ld pairs of points", crashes.pairs);
    if (crashes.repeats)
        printf(", %ld crashes again and again", crashes.repeats);
    printf("\n");
}

#define CRASH_TESTS(list)                                                      \
    TEST(list##_all, #list ": every store is a crash point")                   \
    {                                                                          \
        try_all(crash_points_are_all, list, COUNT(list));                      \
    }                                                                          \
    TEST(list##_killed, #list ": a kill at any store leaves the old or the "   \
                              "new, and all else")                             \
    {                                                                          \
        try_all(crash_at_each, list, COUNT(list));                             \
    }                                                                          \
    TEST(list##_waited, #list ": those that wait for the lock go on")          \
    {                                                                          \
        try_all(crash_with_others_waiting, list, COUNT(list));                 \
    }                                                                          \
    TEST(list##_twice, #list ": a kill while the map is put in order")         \
    {                                                                          \
        try_all(crash_twice, list, COUNT(list));                               \
    }                                                                          \
    TEST(list##_again, #list ": crashes at one store take no room for good")   \
    {                                                                          \
        try_all(crash_again_and_again, list, COUNT(list));                     \
    }

CRASH_TESTS(adding)
CRASH_TESTS(overwriting)
CRASH_TESTS(deleting)
CRASH_TESTS(updating)
CRASH_TESTS(moving)
CRASH_TESTS(looking)

TEST(adding_on_and_on,
     "adding: crashes at one store, key after key, take no room")
{
    try_all(crash_on_and_on, adding_on, COUNT(adding_on));
}
