// The promises of shared_map.h when a process is killed in the middle of a
// call: the map stays unlocked and whole, where there are robust mutexes.
//
// A process is killed at random moments, when it first writes to some page of
// the map, or when it has copied half of a value. That a thread exits in the
// middle of a call cannot be brought about from outside; to the map it is the
// same, a holder of its lock that is gone.

#include "shared_map.h"

#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kit.h"
#include "os/os.h"
#include "test.h"

// An emulator runs programs of a platform that has them, but has none itself:
// make RUNNER=... is called with its name.
static void skip_where_a_killed_holder_keeps_its_lock(void)
{
    const char *emulator = getenv("RUNNER");
    if (!shared_lock_is_robust() || (emulator && *emulator))
        test_skip("there are no robust mutexes here");
}

// The work that the children repeat

typedef void Disturb(SharedMap *map, unsigned *random);

enum { LONGEST = 30 * 1000, CHILD_KEYS = 600 };

// A text of that many letters, all the same; its length decides which letter.
static const char *letters(char text[LONGEST + 1], size_t length)
{
    memset(text, (int)('a' + length % 26), length);
    text[length] = '\0';
    return text;
}

static void come_and_go(SharedMap *map, unsigned *random)
{
    const char *key = ++*random % 2 ? "child 1" : "child 2";
    CHECK(shared_map_set_int(map, key, 1));
    CHECK(shared_map_delete(map, key));
}

// Where a text was is a number then: 8, which would be a bad place for a text.
static void overwrite(SharedMap *map, unsigned *random)
{
    (void)random;
    CHECK(shared_map_set_text(map, "child 1", "kkkkkkkkkk"));
    CHECK(shared_map_set_text(map, "child 1", "uuuuuuuuuuuuuuuuuuuu"));
    CHECK(shared_map_set_int(map, "child 1", 8));
}

static void set_and_clear(SharedMap *map, unsigned *random)
{
    (void)random;
    CHECK(shared_map_set_text(map, "child 1", "kkkkkkkkkk"));
    CHECK(shared_map_set_int(map, "child 2", 1));
    shared_map_clear(map);
}

// Every look at all of the map freezes it.
static void look_at_all(SharedMap *map, unsigned *random)
{
    const char *key = random_below(random, 2) ? "child 1" : "child 2";
    free(shared_map_entries(map));
    if (random_below(random, 4) > 0)
        CHECK(shared_map_set_int(map, key, random_below(random, 9)));
    else
        CHECK(shared_map_set_text(map, key, "kkkkkkkkkk"));
    CHECK_INT(shared_map_add(map, "child adds", 1LL << 36, NULL),
              SHARED_MAP_OK);
}

static void call_any(SharedMap *map, unsigned *random)
{
    char key[20], text[LONGEST + 1];
    snprintf(key, sizeof key, "child %u", random_below(random, CHILD_KEYS));
    switch (random_below(random, 10)) {
    case 0:
        shared_map_delete(map, key);
        break;
    case 1:
        CHECK(shared_map_set_int(map, key, 7));
        break;
    case 2:
        CHECK_INT(shared_map_add(map, "child adds", 1, NULL), SHARED_MAP_OK);
        break;
    case 3:
        shared_map_compare_and_set(map, key, value_none(), value_null());
        break;
    case 4:
        free(shared_map_entries(map));
        break;
    default:
        letters(text,
                random_below(random, random_below(random, 50) ? 90 : 9000));
        CHECK(shared_map_set_text(map, key, text));
    }
}

// The checks of the parent

static void check_entry(SharedMap *map, const MapEntry *entry)
{
    char text[LONGEST + 1];
    Value value = value_none();
    CHECK(shared_map_get(map, entry->key, &value));
    CHECK(value_equal(value, entry->value));
    if (value.type == VALUE_TEXT && strncmp(entry->key, "child", 5) == 0)
        CHECK_TEXT(value.text, letters(text, value.size));
    value_free(&value);
}

// The size, the entries and what is found under the keys are the same, every
// key is there once, and every text is whole.
static void check_whole(SharedMap *map)
{
    bool seen[CHILD_KEYS] = { false };
    MapEntries *entries = shared_map_entries(map);
    CHECK_INT(shared_map_size(map), entries->count);
    for (size_t i = 0; i < entries->count; i++) {
        unsigned number;
        check_entry(map, &entries->at[i]);
        if (sscanf(entries->at[i].key, "child %u", &number) == 1) {
            CHECK(number < CHILD_KEYS && !seen[number]);
            seen[number] = true;
        }
    }
    free(entries);
}

enum { OWN_KEYS = 10 };

static const char *own_key(char key[20], int number)
{
    snprintf(key, 20, "parent %d", number);
    return key;
}

static void set_own_keys(SharedMap *map)
{
    char key[20];
    for (int i = 0; i < OWN_KEYS; i++)
        CHECK(shared_map_set_text(map, own_key(key, i), key));
}

static void check_own_keys(SharedMap *map)
{
    char key[20], text[20];
    for (int i = 0; i < OWN_KEYS; i++) {
        CHECK(shared_map_get_text(map, own_key(key, i), text, sizeof text));
        CHECK_TEXT(text, key);
    }
}

// At random moments

static long long now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static _Noreturn void disturb_for_ever(SharedMap *map, Disturb *disturb,
                                       SharedMap *signals, unsigned random)
{
    CHECK(shared_map_set_null(signals, "begun"));
    for (;;)
        disturb(map, &random);
}

// Kills a child some time after it has begun to disturb the map.
static void kill_one(SharedMap *map, Disturb *disturb, unsigned *random)
{
    SharedMap *signals = shared_map_new_sized(4096);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0)
        disturb_for_ever(map, disturb, signals, *random);
    while (!shared_map_has(signals, "begun"))
        sched_yield();
    for (long long end = now_ns() + random_below(random, 50000);
         now_ns() < end;)
        ;
    CHECK(kill(child, SIGKILL) == 0);
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status));
    shared_map_free(&signals);
}

static void kill_many(Disturb *disturb, size_t map_bytes)
{
    skip_where_a_killed_holder_keeps_its_lock();
    unsigned random = 1;
    SharedMap *map = shared_map_new_sized(map_bytes);
    set_own_keys(map);
    for (int round = 0; round < 200; round++) {
        kill_one(map, disturb, &random);
        check_whole(map);
        if (disturb != set_and_clear)
            check_own_keys(map);
        CHECK(shared_map_set_text(map, "child 1", "kkkkkkkkkk"));
        set_own_keys(map);
        check_whole(map);
        check_own_keys(map);
    }
    shared_map_free(&map);
}

TEST(killed_adding, "a process killed while it adds and deletes does no harm")
{
    kill_many(come_and_go, 4096);
}

TEST(killed_overwriting, "a process killed while it overwrites does no harm")
{
    kill_many(overwrite, 4096);
}

TEST(killed_clearing, "a process killed while it clears the map does no harm")
{
    kill_many(set_and_clear, 4096);
}

TEST(killed_looking, "a process killed while it looks at all does no harm")
{
    kill_many(look_at_all, 4096);
}

TEST(killed_anywhere, "a process killed in calls of any kind does no harm")
{
    kill_many(call_any, 1000 * 1000);
}

// At certain moments

// A child that is expected to die by a signal: it leaves no core file and no
// report.
static pid_t fork_doomed(void)
{
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        CHECK(setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 }) == 0);
        signal(SIGSEGV, SIG_DFL);
        signal(SIGBUS, SIG_DFL);
    }
    return child;
}

static bool was_killed(pid_t child)
{
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status) || status == 0);
    return WIFSIGNALED(status);
}

// A child may only read this page of the map: it dies where it first writes to
// it. Returns whether it did.
static bool call_without(SharedMap *map, char *page, size_t page_size,
                         unsigned random)
{
    pid_t child = fork_doomed();
    if (child == 0) {
        CHECK(mprotect(page, page_size, PROT_READ) == 0);
        for (int i = 0; i < test_rounds(2000); i++)
            call_any(map, &random);
        _Exit(0);
    }
    return was_killed(child);
}

TEST(killed_at_pages, "a process killed at its first write to a page does none")
{
    enum { PAGES = 100 };
    skip_where_a_killed_holder_keeps_its_lock();
    size_t page_size = (size_t)sysconf(_SC_PAGESIZE);
    char *memory = memory_reserve(PAGES * page_size);
    CHECK(memory != NULL);
    SharedMap *map = shared_map_new_in(memory, PAGES * page_size);
    set_own_keys(map);
    int killed = 0;
    for (unsigned i = 0; i < 2 * PAGES; i++) {
        char *page = memory + i % PAGES * page_size;
        killed += call_without(map, page, page_size, i);
        check_whole(map);
        check_own_keys(map);
        set_own_keys(map);
    }
    CHECK(killed >= 4);  // there are few pages where they are large
    shared_map_free(&map);
    memory_release(memory, PAGES * page_size);
}

enum { READABLE = 16 * 1024, HALF = READABLE + 100 };

// A child sets the key to bytes of which it can read only the first READABLE.
static void set_half(SharedMap *map, const char *key)
{
    size_t page_size = (size_t)sysconf(_SC_PAGESIZE);
    size_t size = (READABLE / page_size + 2) * page_size;
    char *memory = memory_reserve(size), *end = memory + size - page_size;
    CHECK(memory != NULL);
    memset(memory, 'x', size - page_size);
    CHECK(mprotect(end, page_size, PROT_NONE) == 0);
    pid_t child = fork_doomed();
    if (child == 0) {
        shared_map_set_bytes(map, key, end - READABLE, HALF);
        _Exit(0);
    }
    CHECK(was_killed(child));
    memory_release(memory, size);
}

static void check_half(Value old, int overwrites)
{
    SharedMap *map = shared_map_new();
    char text[LONGEST + 1];
    Value value;
    set_own_keys(map);
    for (int i = 0; i < overwrites; i++)
        CHECK(shared_map_set_text(map, "key", letters(text, HALF)));
    CHECK(shared_map_set(map, "key", old));
    set_half(map, "key");
    CHECK(shared_map_get(map, "key", &value));
    CHECK(value_equal(value, old));
    value_free(&value);
    CHECK(shared_map_set_text(map, "key", letters(text, HALF - 1)));
    check_whole(map);
    check_own_keys(map);
    shared_map_free(&map);
}

TEST(half_overwritten, "a process killed while it copies a value keeps the old")
{
    char text[LONGEST + 1];
    skip_where_a_killed_holder_keeps_its_lock();
    for (int overwrites = 0; overwrites < 3; overwrites++) {
        check_half(value_int(1), overwrites);
        check_half(value_text("old"), overwrites);
        check_half(value_text(letters(text, HALF + 50)), overwrites);
    }
}

TEST(half_added, "a process killed while it copies a new value adds no key")
{
    skip_where_a_killed_holder_keeps_its_lock();
    SharedMap *map = shared_map_new_sized(100 * 1000);
    set_own_keys(map);
    for (int i = 0; i < 30; i++) {
        set_half(map, "key");
        CHECK(!shared_map_has(map, "key"));
        CHECK(!shared_map_delete(map, "key"));
        CHECK_INT(shared_map_size(map), OWN_KEYS);
        check_own_keys(map);
    }
    CHECK(shared_map_set_int(map, "key", 1));
    check_whole(map);
    shared_map_free(&map);
}

static bool die_in_change(Value *value, void *context)
{
    (void)context;
    *value = value_int(9);
    kill(getpid(), SIGKILL);
    return true;
}

// Here no lock is held, so that the platform does not matter.
TEST(killed_in_change, "a process killed in its change leaves the old value")
{
    SharedMap *map = shared_map_new();
    long long integer = 0;
    CHECK(shared_map_set_int(map, "key", 1));
    pid_t child = fork_doomed();
    if (child == 0) {
        shared_map_update(map, "key", die_in_change, NULL);
        _Exit(0);
    }
    CHECK(was_killed(child));
    CHECK(shared_map_get_int(map, "key", &integer));
    CHECK_INT(integer, 1);
    shared_map_free(&map);
}
