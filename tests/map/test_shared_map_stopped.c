// The promises of shared_map.h when a process is stopped in the middle of a
// call, and shared_map_wait_at_most: a call that waits for its turn gives up,
// changes nothing and says so; the process may go on later.

#include "map_alone.h"
#include "shared_map.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "deadline.h"
#include "map/shared_map_internal.h"
#include "map_checks.h"
#include "test.h"

static SharedMap *some_map(void)
{
    SharedMap *map = shared_map_new();
    CHECK(shared_map_set_int(map, "int", 5));
    CHECK(shared_map_set_text(map, "text", "the text"));
    CHECK(shared_map_set_int(map, "large", 1LL << 60));
    return map;
}

// A child that is stopped while it has the map to itself, and all entries
// frozen if that is wanted.
static pid_t stopped_child(SharedMap *map, bool frozen)
{
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        lock_map_block(&map->block);
        if (frozen)
            block_freeze(&map->block);
        raise(SIGSTOP);
        if (frozen)
            block_thaw(&map->block);
        block_unlock(&map->block);
        _Exit(shared_map_set_int(map, "child", 1) ? 0 : 1);
    }
    int status;
    CHECK(waitpid(child, &status, WUNTRACED) == child && WIFSTOPPED(status));
    return child;
}

static void let_go_on(pid_t child)
{
    int status;
    CHECK(kill(child, SIGCONT) == 0);
    CHECK(waitpid(child, &status, 0) == child);
    CHECK_INT(status, 0);
}

// The call must be refused after about this time, and say that it was.
enum { WAIT = 20 };  // ms

#define TIMES_OUT(call)                                                        \
    do {                                                                       \
        Deadline early = deadline_in_ms(WAIT - 1);                             \
        errno = 0;                                                             \
        CHECK(call);                                                           \
        CHECK_INT(errno, ETIMEDOUT);                                           \
        CHECK(deadline_remaining_ns(early) <= 0);                              \
    } while (0)

static void count_visits(const MapEntry *entry, void *context)
{
    (void)entry;
    ++*(int *)context;
}

static void check_calls_that_take_turns(SharedMap *map)
{
    int visits = 0;
    TIMES_OUT(!shared_map_set_int(map, "new", 1));
    TIMES_OUT(!shared_map_set_int(map, "text", 1));
    TIMES_OUT(!shared_map_set_text(map, "int", "t"));
    TIMES_OUT(!shared_map_set_bytes(map, "text", "t", 1));
    TIMES_OUT(!shared_map_delete(map, "int"));
    TIMES_OUT(!shared_map_clear(map));
    TIMES_OUT(shared_map_size(map) == 0);
    TIMES_OUT(shared_map_add(map, "new", 1, NULL) == SHARED_MAP_TIMED_OUT);
    TIMES_OUT(shared_map_add(map, "large", 1, NULL) == SHARED_MAP_TIMED_OUT);
    TIMES_OUT(shared_map_compare_and_set(map, "text", value_text("the text"),
                                         value_null()) == SHARED_MAP_TIMED_OUT);
    TIMES_OUT(shared_map_set_if_absent(map, "new", value_int(1)) ==
              SHARED_MAP_TIMED_OUT);
    TIMES_OUT(shared_map_update(map, "text", add_one, NULL) ==
              SHARED_MAP_TIMED_OUT);
    TIMES_OUT(shared_map_entries(map) == NULL);
    TIMES_OUT((shared_map_for_each(map, count_visits, &visits), visits == 0));
    TIMES_OUT((shared_map_print(map, stdout), true));
}

static void check_looks(SharedMap *map, long long integer)
{
    char text[20];
    CHECK_INT(int_at(map, "int"), integer);
    CHECK_INT(int_at(map, "large"), 1LL << 60);
    CHECK(shared_map_get_text(map, "text", text, sizeof text));
    CHECK_TEXT(text, "the text");
    CHECK(shared_map_has(map, "int"));
    CHECK(!shared_map_has(map, "new"));
    CHECK_INT(shared_map_type(map, "text"), VALUE_TEXT);
}

static void check_all_again(SharedMap *map, long long integer)
{
    check_looks(map, integer);
    CHECK_INT(int_at(map, "child"), 1);
    CHECK_INT(shared_map_size(map), 4);
    CHECK(shared_map_set_text(map, "new", "n"));
    CHECK(shared_map_delete(map, "new"));
    CHECK(shared_map_clear(map));
    CHECK_INT(shared_map_size(map), 0);
    shared_map_free(&map);
}

TEST(stopped, "while a process is stopped in a call, others give up in time")
{
    SharedMap *map = some_map();
    shared_map_wait_at_most(map, WAIT);
    pid_t child = stopped_child(map, false);
    check_calls_that_take_turns(map);
    check_looks(map, 5);
    CHECK_INT(shared_map_add(map, "int", 1, NULL), SHARED_MAP_OK);
    CHECK(shared_map_set_int(map, "int", 7));
    CHECK_INT(shared_map_update(map, "int", add_one, NULL), SHARED_MAP_OK);
    let_go_on(child);
    check_all_again(map, 8);
}

TEST(frozen, "also when it looks at the whole map, and no number may change")
{
    SharedMap *map = some_map();
    shared_map_wait_at_most(map, WAIT);
    pid_t child = stopped_child(map, true);
    check_calls_that_take_turns(map);
    check_looks(map, 5);
    TIMES_OUT(!shared_map_set_int(map, "int", 6));
    TIMES_OUT(shared_map_add(map, "int", 1, NULL) == SHARED_MAP_TIMED_OUT);
    TIMES_OUT(shared_map_compare_and_set(map, "int", value_int(5),
                                         value_int(6)) == SHARED_MAP_TIMED_OUT);
    TIMES_OUT(shared_map_update(map, "int", add_one, NULL) ==
              SHARED_MAP_TIMED_OUT);
    let_go_on(child);
    check_all_again(map, 5);
}

TEST(at_once, "0 gives up at once")
{
    SharedMap *map = some_map();
    shared_map_wait_at_most(map, 0);
    pid_t child = stopped_child(map, false);
    errno = 0;
    CHECK(!shared_map_set_text(map, "text", "t"));
    CHECK_INT(errno, ETIMEDOUT);
    let_go_on(child);
    CHECK(shared_map_set_text(map, "text", "the text"));
    check_all_again(map, 5);
}

// The child that waits has taken the setting over from the map.
TEST(for_all,
     "the setting is the map's, also in processes that have it already")
{
    SharedMap *map = some_map();
    int say[2];
    CHECK(pipe(say) == 0);
    pid_t waiting = fork();
    if (waiting == 0) {
        char byte;
        CHECK(read(say[0], &byte, 1) == 1);
        errno = 0;
        bool refused = !shared_map_set_text(map, "text", "t");
        _Exit(refused && errno == ETIMEDOUT ? 0 : 1);
    }
    shared_map_wait_at_most(map, 1000 * 1000);
    pid_t child = stopped_child(map, false);
    shared_map_wait_at_most(map, WAIT);
    CHECK(write(say[1], "", 1) == 1);
    int status;
    CHECK(waitpid(waiting, &status, 0) == waiting);
    CHECK_INT(status, 0);
    let_go_on(child);
    check_all_again(map, 5);
}

TEST(without_limit, "less than 0 waits until the process goes on")
{
    SharedMap *map = some_map();
    shared_map_wait_at_most(map, 0);
    shared_map_wait_at_most(map, -5);
    pid_t child = stopped_child(map, false), helper = fork();
    if (helper == 0) {
        CHECK(nanosleep(&(struct timespec){ .tv_nsec = 50 * 1000 * 1000 },
                        NULL) == 0);
        _Exit(kill(child, SIGCONT) == 0 ? 0 : 1);
    }
    CHECK(shared_map_set_text(map, "text", "t"));
    int status;
    CHECK(waitpid(helper, &status, 0) == helper && status == 0);
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    shared_map_free(&map);
}

TEST(longest, "the longest limit is no limit that has passed")
{
    SharedMap *map = some_map();
    shared_map_wait_at_most(map, LLONG_MAX);
    CHECK(shared_map_set_text(map, "text", "t"));
    shared_map_free(&map);
}

TEST(kept, "a map that is full says so in errno, and one that is free in time")
{
    SharedMap *map = shared_map_new_sized(4096);
    char key[20];
    int i = 0;
    shared_map_wait_at_most(map, 1000);
    do {
        errno = 0;
        snprintf(key, sizeof key, "key %d", i++);
    } while (shared_map_set_int(map, key, i));
    CHECK_INT(errno, ENOSPC);
    errno = 0;
    CHECK_INT(shared_map_add(map, "new", 1, NULL), SHARED_MAP_FULL);
    CHECK_INT(errno, ENOSPC);
    errno = 0;
    CHECK(!shared_map_delete(map, "new"));
    CHECK_INT(errno, 0);
    shared_map_free(&map);
}

// In a turn of shared_map_update (test_shared_map_turns.c): the process is
// stopped, or killed, in the middle of its change.

static bool lose(Value *value, void *context)
{
    static int calls;
    SharedMap *map = context;
    MapUpdate *update = map_updates;
    if (++calls == 11)
        raise(SIGSTOP);
    // As another thread would.
    map_updates = NULL;
    if (calls < 11)
        CHECK_INT(shared_map_add(map, "int", 1, NULL), SHARED_MAP_OK);
    map_updates = update;
    *value = value_text("changed");
    return true;
}

static pid_t child_in_its_turn(SharedMap *map)
{
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        shared_map_update(map, "int", lose, map);
        _Exit(shared_map_set_int(map, "child", 1) ? 0 : 1);
    }
    int status;
    CHECK(waitpid(child, &status, WUNTRACED) == child && WIFSTOPPED(status));
    return child;
}

TEST(in_its_turn,
     "a change that is stopped in its turn keeps its key as it was")
{
    SharedMap *map = some_map();
    shared_map_wait_at_most(map, WAIT);
    CHECK(shared_map_set_int(map, "other", 1));
    pid_t child = child_in_its_turn(map);
    check_looks(map, 15);
    TIMES_OUT(shared_map_add(map, "int", 1, NULL) == SHARED_MAP_TIMED_OUT);
    TIMES_OUT(!shared_map_set_int(map, "int", 1));
    CHECK_INT(shared_map_add(map, "other", 1, NULL), SHARED_MAP_OK);
    check_looks(map, 15);
    let_go_on(child);
    check_value(map, "int", value_text("changed"));
    CHECK_INT(int_at(map, "other"), 2);
    shared_map_free(&map);
}

TEST(killed_in_its_turn, "one that is killed leaves the old value")
{
    const char *emulator = getenv("RUNNER");
    if (!shared_lock_is_robust() || (emulator && *emulator))
        test_skip("there are no robust mutexes here");
    SharedMap *map = some_map();
    pid_t child = child_in_its_turn(map);
    int status;
    CHECK(kill(child, SIGKILL) == 0 && waitpid(child, &status, 0) == child);
    CHECK_INT(int_at(map, "int"), 15);
    CHECK_INT(shared_map_add(map, "int", 1, NULL), SHARED_MAP_OK);
    CHECK_INT(int_at(map, "int"), 16);
    CHECK_INT(shared_map_size(map), 3);
    CHECK(shared_map_set_text(map, "text", "t"));
    shared_map_free(&map);
}
