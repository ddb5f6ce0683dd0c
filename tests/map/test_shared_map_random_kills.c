// The promises of shared_map.h when processes are killed at any moment, while
// others go on: KILLS of them (2000), each killed by its own timer some time
// after its start, at whatever instruction that is.
//
// Each writer has keys of its own, and writes down in a log what it is about to
// do. So the parent knows what must be there when a writer is killed: all of
// its keys as they were last, and the one of the log as before or as it was to
// be. The other writers do not stop meanwhile. There are more of them than
// processors, so that some are killed after they were woken, and before they
// have the lock.

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "map_writers.h"
#include "os/os.h"
#include "test.h"

static long how_many_kills(void)
{
    const char *words = getenv("KILLS");
    return words ? atol(words) : 2000;
}

// The checks of the parent

// Each key is as it was last, or as it was to be. Then this is what it is. If
// all were to go, all are there or none.
static void check_keys_of_dead(int writer)
{
    Log *log = &logs[writer];
    int gone = 0, kept = 0;
    for (int i = 0; i < KEYS; i++) {
        Value value = value_none();
        Name name = name_of_key(writer, i);
        shared_map_get(map_of_all, name.text, &value);
        uint64_t version = check_whole_value(i, value);
        value_free(&value);
        bool is_changing = log->key == i || log->key == ALL_KEYS;
        CHECK(version == log->versions[i] ||
              (is_changing && version == log->next));
        gone += version == 0 && log->versions[i] != 0;
        kept += version != 0;
        if (version != log->versions[i])
            set_version(log, i, version);
    }
    CHECK(log->key != ALL_KEYS || gone == 0 || kept == 0);
}

// No key is there twice, every value is whole, and the keys of the dead writer
// are in the order in which they were added.
static size_t check_entries(const MapEntries *entries, int dead)
{
    bool seen[MOST_WRITERS][KEYS] = { { false } };
    uint64_t last = 0;
    size_t of_dead = 0;
    for (size_t i = 0; i < entries->count; i++) {
        int writer, key;
        const MapEntry *entry = &entries->at[i];
        if (sscanf(entry->key, "%d %d", &writer, &key) != 2)
            continue;
        CHECK_TEXT(entry->key, name_of_key(writer, key).text);
        CHECK(!seen[writer][key]);
        seen[writer][key] = true;
        check_whole_value(key, entry->value);
        if (writer != dead)
            continue;
        of_dead++;
        if (key != SUM) {
            CHECK(logs[writer].first_versions[key] > last);
            last = logs[writer].first_versions[key];
        }
    }
    return of_dead;
}

enum { OWN_KEYS = 5 };

#define FIRST_SUM ((1LL << 47) - 5000)  // it soon needs a chunk

static void set_own_keys(void)
{
    for (int i = 0; i < OWN_KEYS; i++) {
        Name name;
        snprintf(name.text, sizeof name.text, "own %d", i);
        CHECK(shared_map_set_text(map_of_all, name.text, name.text));
    }
    CHECK(shared_map_set_int(map_of_all, "sum", FIRST_SUM));
}

// They were set first.
static void check_own_keys(const MapEntries *entries)
{
    for (size_t i = 0; i < OWN_KEYS; i++) {
        Name name;
        snprintf(name.text, sizeof name.text, "own %zu", i);
        CHECK_TEXT(entries->at[i].key, name.text);
        CHECK_TEXT(entries->at[i].value.text, name.text);
    }
    CHECK_TEXT(entries->at[OWN_KEYS].key, "sum");
}

static void check_after_kill(int writer, bool alone)
{
    Log *log = &logs[writer];
    size_t alive = 0;
    shared_map_size(map_of_all);  // what was being added may be there now
    check_keys_of_dead(writer);
    MapEntries *entries = shared_map_entries(map_of_all);
    for (int i = 0; i < KEYS; i++)
        alive += log->versions[i] != 0;
    CHECK_INT(check_entries(entries, writer), alive);
    if (!alone)
        check_own_keys(entries);
    free(entries);
    atomic_store(&log->key, NO_KEY_NOW);
}

// Killing

typedef struct Kills {
    long all, in_calls, in_adds;
} Kills;

static int writer_of(pid_t process, const pid_t writers[MOST_WRITERS])
{
    for (int i = 0; i < MOST_WRITERS; i++)
        if (writers[i] == process)
            return i;
    return -1;
}

// Waits for the next writer that is killed, and starts another one if there are
// to be more.
static void see_kill(pid_t writers[MOST_WRITERS], bool alone, bool more,
                     Kills *kills)
{
    int status = 0;
    pid_t process = waitpid(-1, &status, 0);
    int writer = writer_of(process, writers);
    CHECK(writer >= 0);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    kills->all++;
    kills->in_calls += logs[writer].key != NO_KEY_NOW;
    kills->in_adds += logs[writer].adds_now;
    atomic_store(&logs[writer].adds_now, false);
    check_after_kill(writer, alone);
    writers[writer] = more ? start_writer(writer, alone) : 0;
}

// No addition is lost, except those in the middle of which a process died.
static void check_sum(const Kills *kills)
{
    uint64_t adds = 0;
    for (int i = 0; i < MOST_WRITERS; i++)
        adds += logs[i].adds;
    long long more = int_at(map_of_all, "sum") - FIRST_SUM - (long long)adds;
    CHECK(more >= 0 && more <= kills->in_adds);
}

static void kill_many(int count, bool alone, long number)
{
    const char *emulator = getenv("RUNNER");
    if (!shared_lock_is_robust() || (emulator && *emulator))
        test_skip("there are no robust mutexes here");
    pid_t writers[MOST_WRITERS] = { 0 };
    Kills kills = { 0 };
    unsigned long long calls = 0;
    logs = memory_reserve(MOST_WRITERS * sizeof *logs);
    CHECK(logs != NULL);
    map_of_all = shared_map_new_sized(MAP_BYTES);
    set_own_keys();
    for (int i = 0; i < count; i++) {
        atomic_store(&logs[i].key, NO_KEY_NOW);
        writers[i] = start_writer(i, alone);
    }
    for (long i = 0; i < number; i++)
        see_kill(writers, alone, i + count < number, &kills);
    if (!alone)
        check_sum(&kills);
    for (int i = 0; i < count; i++)
        calls += logs[i].calls;
    printf("%ld kills, %ld in the middle of a change, after %llu changes\n",
           kills.all, kills.in_calls + kills.in_adds, calls);
    shared_map_free(&map_of_all);
}

TEST(killed_together, "writers that are killed at any moment lose nothing")
{
    kill_many(MOST_WRITERS, false, how_many_kills());
}

TEST(killed_alone, "one that also clears the map is killed at any moment")
{
    kill_many(1, true, how_many_kills() / 10);
}
