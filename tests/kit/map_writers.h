// Shared by tests in which writers of a map are killed: a process that changes
// its own keys, and writes down in a log what it is about to do.

#ifndef MAP_WRITERS_H
#define MAP_WRITERS_H

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "kit.h"
#include "map_checks.h"

enum {
    MOST_WRITERS = 8,
    KEYS = 20,  // of a writer; the last one is a sum
    SUM = KEYS - 1,
    MAP_BYTES = 256 * 1024,  // it moves often, and is never full
    LONGEST = 700,           // text
    LONGEST_LIFE = 1500,     // of a writer, in us
};

// Versions of a value count up forever. Version 0 is a missing key.
typedef struct Log {
    _Atomic uint64_t versions[KEYS];
    _Atomic uint64_t first_versions[KEYS];  // since the key was added last
    _Atomic uint64_t last_version;
    _Atomic int key;        // that is being changed, or -1, or ALL_KEYS
    _Atomic uint64_t next;  // version of that
    _Atomic uint64_t calls, adds;
    _Atomic bool adds_now;
} Log;

enum { NO_KEY_NOW = -1, ALL_KEYS = KEYS };

static Log *logs;  // of the writers, in memory that all share
static SharedMap *map_of_all;
static unsigned random_state = 1;

// Keys and values

typedef struct Name {
    char text[60];
} Name;

static inline Name name_of_key(int writer, int key)
{
    Name name;
    snprintf(name.text, sizeof name.text, "%d %d%s", writer, key,
             key % 3 == 0 ? " with a name that is a long one" : "");
    return name;
}

// The text of a version says which it is, and how long.
static inline Value text_of(uint64_t version, char text[LONGEST + 1])
{
    size_t size = version % 7 == 0 ? LONGEST : 24 + version * 13 % 60;
    int length =
        snprintf(text, LONGEST + 1, "%llu ", (unsigned long long)version);
    memset(text + length, (int)('a' + version % 26), size - (size_t)length);
    text[size] = '\0';
    return value_text(text);
}

static inline Value value_of(int key, uint64_t version, char text[LONGEST + 1])
{
    uint64_t shifted = version << 40;  // may need a chunk
    if (version == 0)
        return value_none();
    if (key == SUM)
        return value_int((long long)version);
    switch (version % 5) {
    case 0:
        return value_int((long long)version);
    case 1:
        return value_int((long long)shifted);
    case 2:
        return value_real((double)version);
    default:
        return text_of(version, text);
    }
}

// The version of a value that was found.
static inline uint64_t version_of(Value value)
{
    switch (value.type) {
    case VALUE_NONE:
        return 0;
    case VALUE_INT:
        return (uint64_t)(value.integer >> 40 ? value.integer >> 40
                                              : value.integer);
    case VALUE_REAL:
        return (uint64_t)value.real;
    default:
        CHECK_INT(value.type, VALUE_TEXT);
        return strtoull(value.text, NULL, 10);
    }
}

// A value is whole if it is the one of its version.
static inline uint64_t check_whole_value(int key, Value value)
{
    char text[LONGEST + 1];
    bool is_sum = key == SUM && value.type == VALUE_INT;
    uint64_t version = is_sum ? (uint64_t)value.integer : version_of(value);
    CHECK(value_equal(value, value_of(key, version, text)));
    return version;
}

// A writer

static inline void begin(Log *log, int key, uint64_t next)
{
    atomic_store(&log->next, next);
    atomic_store(&log->key, key);
}

static inline void set_version(Log *log, int key, uint64_t version)
{
    if (version == 0 || log->versions[key] == 0)
        atomic_store(&log->first_versions[key], version);
    atomic_store(&log->versions[key], version);
}

static inline void end(Log *log)
{
    set_version(log, log->key, log->next);
    atomic_store(&log->key, NO_KEY_NOW);
    atomic_fetch_add(&log->calls, 1);
}

static inline bool change_to(Value *value, void *desired)
{
    *value = *(const Value *)desired;
    return true;
}

static inline void change(Log *log, int writer, int key)
{
    char text[LONGEST + 1], old_text[LONGEST + 1];
    Name name = name_of_key(writer, key);
    uint64_t next = atomic_fetch_add(&log->last_version, 1) + 1;
    Value old = value_of(key, log->versions[key], old_text);
    Value new = value_of(key, next, text);
    begin(log, key, next);
    switch (random_below(&random_state, 4)) {
    case 0:
        CHECK_INT(shared_map_compare_and_set(map_of_all, name.text, old, new),
                  SHARED_MAP_OK);
        break;
    case 1:
        CHECK_INT(shared_map_update(map_of_all, name.text, change_to, &new),
                  SHARED_MAP_OK);
        break;
    default:
        CHECK(shared_map_set(map_of_all, name.text, new));
    }
    end(log);
}

static inline void delete (Log *log, int writer, int key)
{
    Name name = name_of_key(writer, key);
    begin(log, key, 0);
    CHECK_INT(shared_map_delete(map_of_all, name.text),
              log->versions[key] != 0);
    end(log);
}

static inline void clear(Log *log)
{
    begin(log, ALL_KEYS, 0);
    shared_map_clear(map_of_all);
    for (int i = 0; i < KEYS; i++)
        set_version(log, i, 0);
    atomic_store(&log->key, NO_KEY_NOW);
}

// To the writer's own sum, and to the one that all writers add to.
static inline void add(Log *log, int writer)
{
    long long sum;
    Name name = name_of_key(writer, SUM);
    begin(log, SUM, log->versions[SUM] + 1);
    CHECK_INT(shared_map_add(map_of_all, name.text, 1, &sum), SHARED_MAP_OK);
    CHECK_INT(sum, (long long)log->next);
    end(log);
    atomic_store(&log->adds_now, true);
    CHECK_INT(shared_map_add(map_of_all, "sum", 1, NULL), SHARED_MAP_OK);
    atomic_fetch_add(&log->adds, 1);
    atomic_store(&log->adds_now, false);
}

static inline void call_any(Log *log, int writer, bool alone)
{
    int key = (int)random_below(&random_state, SUM);
    unsigned which = random_below(&random_state, alone ? 34 : 32);
    if (which < 16)
        change(log, writer, key);
    else if (which < 24)
        delete (log, writer, key);
    else if (which < 31)
        add(log, writer);
    else if (which == 31)
        free(shared_map_entries(map_of_all));
    else
        clear(log);
}

static inline void kill_self(int signal_number)
{
    (void)signal_number;
    kill(getpid(), SIGKILL);
}

static inline pid_t start_writer(int writer, bool alone)
{
    const struct itimerval life = {
        .it_value.tv_usec = 1 + (int)random_below(&random_state, LONGEST_LIFE)
    };
    unsigned seed = random_below(&random_state, 30000);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child > 0)
        return child;
    random_state = seed;
    signal(SIGALRM, kill_self);
    CHECK(setitimer(ITIMER_REAL, &life, NULL) == 0);
    for (;;)
        call_any(&logs[writer], writer, alone);
}

#endif
