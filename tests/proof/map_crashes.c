// Crashes at every point of a mutation of a map (map_crashes.h): each run
// starts from the same picture of the memory, ends at the next crash point, and
// is then checked by the survivors. Invariant: they find the state before the
// mutation or the state after it, and nothing in between.

#include "map_crashes.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "crash_points.h"
#include "map/shared_map_internal.h"
#include "map_alone.h"
#include "map_survivors.h"
#include "map_victims.h"
#include "os/os.h"
#include "test.h"

Crashes crashes;

static Picture at_start, after_crash;

// Setting up

static void watch_memory(void)
{
    memory = memory_reserve(MOST_BYTES);
    CHECK(memory != NULL);
    crash_points_in(memory, MOST_BYTES);
    signal(SIGALRM, say_that_it_hangs);
}

static void set_any(SharedMap *map)
{
    shared_map_set_int(map, "key", 1);
}

void crashes_must_be_possible(void)
{
    const char *emulator = getenv("RUNNER");
    if (!shared_lock_is_robust() || (emulator && *emulator))
        test_skip("there are no robust mutexes here");
    watch_memory();
    tried = shared_map_new_in(memory, MOST_BYTES);
    if (count_points(set_any) == 0)
        test_skip("this compiler does not say where it stores");
}

static void forget(State *state)
{
    free(state->entries);
    state->entries = NULL;
}

// Learns what the map holds before the call and after it, and how many crash
// points it has. Then all is as before.
static long learn(Call *call)
{
    Picture picture;
    take_picture(picture);
    forget(&before);
    forget(&after);
    before = state_of_map();
    long points = count_points(call);
    after = state_of_map();
    put_back(picture);
    return points;
}

static long set_up(const Mutation *mutation)
{
    memset(memory, 0, MOST_BYTES);
    tried = shared_map_new_in(memory, mutation->map_bytes);
    mutation->prepare(tried);
    take_picture(at_start);
    note(mutation->words, "not killed", 0, 0, 0);
    free(at_first);
    at_first = shared_map_entries(tried);
    put_back(at_start);
    return learn(mutation->call);
}

// Crashing

void crash_at_each(const Mutation *mutation)
{
    long count = set_up(mutation);
    for (long i = 1; i <= count; i++)
        for (CrashOrder order = 0; order < CRASH_ORDERS; order++) {
            put_back(at_start);
            count_points(mutation->call);
            if (!crash_points_differ(i, order))
                continue;
            put_back(at_start);
            note(mutation->words, "killed at", i, count, 0);
            kill_in(mutation->call, i, order);
            check_survivors();
            check_room();
            crashes.orders += order != CRASH_AS_WRITTEN;
        }
    crashes.points += count;
}

void crash_with_others_waiting(const Mutation *mutation)
{
    long count = set_up(mutation);
    for (long i = 1; i <= count; i++) {
        put_back(at_start);
        note(mutation->words, "killed while others wait at", i, count, 0);
        crashes.waits += kill_while_others_wait(mutation->call, i);
        check_survivors();
        check_room();
    }
    crashes.waited += count;
}

// Puts the map in order, and overwrites a text or adds it.
static void set_again(SharedMap *map)
{
    shared_map_set_text(map, "text", "yet another text");
}

static void crash_for_the_second_time(long fatal)
{
    if (getenv("CRASHES"))
        kill_in(set_again, fatal, CRASH_AS_WRITTEN);
    else
        expect(end_thread_in(set_again, fatal), "it came to no second crash");
}

// In make test a third of the first points: a move of a full map has many, and
// at each of them the map is put in order in as many steps.
void crash_twice(const Mutation *mutation)
{
    const long step = getenv("CRASHES") ? 1 : 3;
    long count = set_up(mutation);
    for (long i = 1; i <= count; i += step) {
        put_back(at_start);
        note(mutation->words, "killed at", i, count, 0);
        kill_in(mutation->call, i, CRASH_AS_WRITTEN);
        take_picture(after_crash);
        long points = learn(set_again);
        for (long j = 1; j <= points; j++) {
            put_back(after_crash);
            note(mutation->words, "killed at", i, count, j);
            crash_for_the_second_time(j);
            check_survivors();
        }
        crashes.pairs += points;
    }
}

// Again and again

// Whether the next crash begins with as much room as this one did.
static bool took_room(const Table *start)
{
    const Table *now = map_table_alone(tried);
    return now->arena != start->arena || now->count != start->count ||
           now->limit != start->limit || now->index != start->index;
}

// A thousand times, or until it takes no room, or until the call is over before
// it comes so far. Each of them is given a few rounds to be otherwise.
static void crash_often(Call *call, long fatal)
{
    enum { TIMES = 1000, A_FEW = 5 };
    int without = 0;
    for (int i = 0; i < TIMES && without < A_FEW; i++) {
        Table start = *map_table_alone(tried);
        bool crashed = end_thread_in(call, fatal);
        undo();
        crashes.repeats += crashed;
        without = crashed && took_room(&start) ? 0 : without + 1;
    }
}

void crash_again_and_again(const Mutation *mutation)
{
    long count = set_up(mutation);
    for (long i = 1; i <= count; i++) {
        put_back(at_start);
        note(mutation->words, "a thread ended again and again at", i, count, 0);
        crash_often(mutation->call, i);
        check_room();
    }
}

// How many keys there can be if so many come without a crash.
static size_t room_beside(Call *call, size_t keys)
{
    put_back(at_start);
    while (shared_map_size(tried) < keys)
        call(tried);
    return keys + fill();
}

// The call adds another key each time, if the crash lets it.
void crash_on_and_on(const Mutation *mutation)
{
    long count = set_up(mutation);
    for (long i = 1; i <= count; i++) {
        put_back(at_start);
        note(mutation->words, "a thread ended on and on at", i, count, 0);
        size_t keys = 0;
        for (size_t j = 0; j < before.room; j++) {
            crashes.repeats += end_thread_in(mutation->call, i);
            keys = shared_map_size(tried);  // puts it in order
        }
        size_t all = keys + fill();
        expect(room_beside(mutation->call, keys) == all,
               "there is not as much room as without crashes");
    }
}

// The stores that count as crash points

void crash_points_are_all(const Mutation *mutation)
{
    set_up(mutation);
    const char *lock = (const char *)&tried->block.lock;
    for (size_t i = 0; i < MOST_BYTES; i++)
        crash_points_saw(i);
    count_points(mutation->call);
    for (size_t i = 0; i < MOST_BYTES; i++) {
        bool is_lock =
            memory + i >= lock && memory + i < lock + sizeof(SharedLock);
        expect(crash_points_saw(i) || is_lock || memory[i] == at_start[i],
               "a byte has changed that was no crash point");
    }
}

// Getting near to what is rare

// Whether this would be another number after the call.
static bool would_change(Call *call, const Word *word)
{
    Picture picture;
    take_picture(picture);
    uint64_t number = word_load(word);
    call(tried);
    bool changes = word_load(word) != number;
    put_back(picture);
    return changes;
}

void until_it_moves(Call *meanwhile, Call *call)
{
    while (!would_change(call, &tried->block.in_use))
        meanwhile(tried);
}

// The index of the table in use: the map has not moved yet.
void until_it_grows(Call *meanwhile, Call *call)
{
    while (!would_change(call, &map_table_alone(tried)->index))
        meanwhile(tried);
    CHECK(word_load(&tried->block.in_use) == 0);
}
