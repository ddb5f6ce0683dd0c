// Shared by the tests of maps that are damaged, in every place and in many
// ways: shared_map_file.h promises an error, or a map that can be used. After
// each damage, a process that opens the map without an error makes every call.
// And a process that has had the map before, and so gets no error, makes the
// calls that need no lock.
//
// All cases are made in a child process with a deadline, in memory between two
// guard pages. EVERY=1 in the environment makes all of them, otherwise it is
// one in forty. The sums are printed.

#ifndef MAP_VICTIMS_H
#define MAP_VICTIMS_H

#include <sys/wait.h>

#include "kit.h"
#include "map/map_table_internal.h"
#include "map_damage.h"
#include "test.h"
#include "worker_threads.h"

enum { DEADLINE_S = 60 };

// Seen by the parent when the child is gone.
typedef struct Progress {
    unsigned long seen, made, refused;
    char where[100];
} Progress;

static Progress *progress;
static Guarded guarded;
static unsigned long every;

enum { PLACES = 10 };

// The way in which the damage is found.
typedef enum Finder {
    WHO_ATTACHES,
    WHO_OPENS,  // a file that no other process has open
    WHO_HAS_IT,
    FINDERS
} Finder;

static const char *const finders[] = { "attaching", "opening", "in use" };

// One map to damage.
typedef struct Victim {
    DamageMap kind;
    size_t size;
    Finder finder;
    // As they were before:
    Table table;  // in use; only its first lines
    size_t table_at;
    uint64_t places[PLACES];
    bool used[DAMAGE_LARGE / 8];
    char whole[DAMAGE_LARGE];
    union {
        char bytes[DAMAGE_LARGE];
        uint64_t words[DAMAGE_LARGE / 8];
        uint32_t halves[DAMAGE_LARGE / 4];
        SharedMap map;
        char line[CACHE_LINE];
    };
} Victim;

// Case by case

static inline bool is_next(const char *what, const Victim *victim, size_t at)
{
    if (progress->seen++ % every != 0)
        return false;
    snprintf(progress->where, sizeof progress->where,
             "%s %zu of map %d, %s, case %lu", what, at, (int)victim->kind,
             finders[victim->finder], progress->seen);
    return true;
}

// Brings back what never changes: that is trusted once it was looked at.
static inline void mend_sizes(SharedMap *map, const SharedMap *whole)
{
    Block *block = &map->block;
    memcpy(map, whole, offsetof(SharedMap, block));
    block->table_bytes = whole->block.table_bytes;
    for (unsigned i = 0; i < 2; i++)
        table_init(block_table_at(block, i), block->table_bytes);
}

static inline void try_later(const Victim *victim, bool at_end)
{
    SharedMap *map = guarded_copy(guarded, at_end, victim->bytes, victim->size);
    mend_sizes(map, (const SharedMap *)victim->whole);
    use_without_lock(map);
}

// Gives the finder that many of the bytes.
static inline void try_it(const Victim *victim, size_t size)
{
    bool at_end = progress->made++ % 2 == 0,
         alone = victim->finder == WHO_OPENS;
    if (victim->finder == WHO_HAS_IT) {
        try_later(victim, at_end);
        return;
    }
    SharedMap *map = guarded_copy(guarded, at_end, victim->bytes, size);
    if (map_problem(map, size, alone, DEADLINE_NEVER) !=
        SHARED_MAP_NO_PROBLEM) {
        progress->refused++;
        return;
    }
    use_without_lock(map);
    use_with_lock(map);
}

static inline void try_word(Victim *victim, size_t i, uint64_t word)
{
    uint64_t old = victim->words[i];
    if (word != old && is_next("word", victim, i)) {
        victim->words[i] = word;
        try_it(victim, victim->size);
        victim->words[i] = old;
    }
}

static inline void try_half(Victim *victim, size_t i, uint32_t half)
{
    uint32_t old = victim->halves[i];
    if (half != old && is_next("half", victim, i)) {
        victim->halves[i] = half;
        try_it(victim, victim->size);
        victim->halves[i] = old;
    }
}

// The parts to damage

// Places in the table, in bytes: where something begins or ends, and besides.
static inline void note_places(Victim *victim)
{
    const Table *table = &victim->table;
    const uint64_t places[PLACES] = {
        0,
        sizeof *table,
        sizeof *table + table->count * sizeof(Entry),
        table->arena,
        word_load(&table->index) >> 8,
        table->size - sizeof(Chunk) - sizeof(Word),
        table->size - sizeof(Chunk),
        table->size,
        victim->size,
        UINT64_C(1) << 32
    };
    memcpy(victim->places, places, sizeof places);
}

// Not what is free, nor the lock.
static inline bool is_used(const Victim *victim, size_t at)
{
    const Table *table = &victim->table;
    size_t lock = offsetof(SharedMap, block) + offsetof(Block, lock);
    size_t second = sizeof(SharedMap) + table->size;
    size_t in_table = at - victim->table_at;
    if (at < sizeof(SharedMap))
        return at < lock;
    return at - sizeof(SharedMap) < sizeof(Table) ||
           at - second < sizeof(Table) ||
           (in_table < table->size &&
            (in_table < victim->places[2] || in_table >= table->arena));
}

static inline void study(Victim *victim)
{
    const Table *table = map_table_alone(&victim->map);
    victim->table_at = (size_t)((char *)table - victim->bytes);
    memcpy(&victim->table, table, sizeof *table);
    note_places(victim);
    for (size_t i = 0; i < victim->size / 8; i++)
        victim->used[i] = is_used(victim, 8 * i);
    memcpy(victim->whole, victim->bytes, victim->size);
}

// In a child

// Only a process that opens a file finds nothing wrong with a frozen map.
static inline void check_whole(const Victim *victim)
{
    SharedMap *map = guarded_copy(guarded, true, victim->bytes, victim->size);
    bool alone = victim->finder == WHO_OPENS;
    MapProblem expected = victim->kind == MAP_FROZEN && !alone
                              ? SHARED_MAP_DAMAGED
                              : SHARED_MAP_NO_PROBLEM;
    CHECK_INT(map_problem(map, victim->size, alone, DEADLINE_NEVER), expected);
}

static inline void damage_all(void (*damage)(Victim *victim))
{
    static Victim victim;
    alarm(DEADLINE_S);
    for (int kind = 0; kind < DAMAGE_MAPS; kind++) {
        bool large = kind == MAP_WRITTEN_OFTEN || kind == MAP_FULL_OF_ALL;
        victim.kind = (DamageMap)kind;
        victim.size = large ? DAMAGE_LARGE : DAMAGE_SIZE;
        make_for_damage(victim.kind, victim.bytes, victim.size);
        study(&victim);
        for (int finder = 0; finder < FINDERS; finder++) {
            victim.finder = (Finder)finder;
            check_whole(&victim);
            damage(&victim);
        }
    }
}

static inline void check_damage(void (*damage)(Victim *victim),
                                unsigned long least)
{
    const char *wanted = getenv("EVERY");
    every = wanted && atol(wanted) > 0 ? (unsigned long)atol(wanted) : 40;
    progress = memory_reserve(sizeof *progress);
    guarded = guarded_new(DAMAGE_LARGE);
    int status = -1;
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        damage_all(damage);
        _Exit(0);
    }
    CHECK(waitpid(child, &status, 0) == child);
    printf("%lu cases: %lu refused, %lu used\n", progress->made,
           progress->refused, progress->made - progress->refused);
    CHECK_TEXT(status ? progress->where : "", "");
    CHECK(progress->seen >= least);
    CHECK(progress->made >= least / every);
    CHECK(progress->refused > 0);
}

#endif
