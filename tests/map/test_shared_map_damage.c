// Maps that are damaged, in every place and in many ways: shared_map_file.h
// promises an error, or a map that can be used. After each damage, a process
// that opens the map without an error makes every call. And a process that has
// had the map before, and so gets no error, makes the calls that need no lock.
//
// All cases are made in a child process with a deadline, in memory between two
// guard pages. EVERY=1 in the environment makes all of them, otherwise it is
// one in forty. The sums are printed.

#include <signal.h>
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

static bool is_next(const char *what, const Victim *victim, size_t at)
{
    if (progress->seen++ % every != 0)
        return false;
    snprintf(progress->where, sizeof progress->where,
             "%s %zu of map %d, %s, case %lu", what, at, (int)victim->kind,
             finders[victim->finder], progress->seen);
    return true;
}

// Brings back what never changes: that is trusted once it was looked at.
static void mend_sizes(SharedMap *map, const SharedMap *whole)
{
    Block *block = &map->block;
    memcpy(map, whole, offsetof(SharedMap, block));
    block->table_bytes = whole->block.table_bytes;
    for (unsigned i = 0; i < 2; i++)
        table_init(block_table_at(block, i), block->table_bytes);
}

static void try_later(const Victim *victim, bool at_end)
{
    SharedMap *map = guarded_copy(guarded, at_end, victim->bytes, victim->size);
    mend_sizes(map, (const SharedMap *)victim->whole);
    use_without_lock(map);
}

// Gives the finder that many of the bytes.
static void try_it(const Victim *victim, size_t size)
{
    bool at_end = progress->made++ % 2 == 0,
         alone = victim->finder == WHO_OPENS;
    if (victim->finder == WHO_HAS_IT) {
        try_later(victim, at_end);
        return;
    }
    SharedMap *map = guarded_copy(guarded, at_end, victim->bytes, size);
    if (map_problem(map, size, alone) != SHARED_MAP_NO_PROBLEM) {
        progress->refused++;
        return;
    }
    use_without_lock(map);
    use_with_lock(map);
}

static void try_word(Victim *victim, size_t i, uint64_t word)
{
    uint64_t old = victim->words[i];
    if (word != old && is_next("word", victim, i)) {
        victim->words[i] = word;
        try_it(victim, victim->size);
        victim->words[i] = old;
    }
}

static void try_half(Victim *victim, size_t i, uint32_t half)
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
static void note_places(Victim *victim)
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
static bool is_used(const Victim *victim, size_t at)
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

static void study(Victim *victim)
{
    const Table *table = map_table_alone(&victim->map);
    victim->table_at = (size_t)((char *)table - victim->bytes);
    memcpy(&victim->table, table, sizeof *table);
    note_places(victim);
    for (size_t i = 0; i < victim->size / 8; i++)
        victim->used[i] = is_used(victim, 8 * i);
    memcpy(victim->whole, victim->bytes, victim->size);
}

// Interesting values

static void try_numbers(Victim *victim, size_t i)
{
    uint64_t old = victim->words[i];
    const uint64_t numbers[] = {
        0,
        1,
        2,
        UINT64_MAX,
        old + 1,
        old - 1,
        old + 8,
        old - 8,
        old + 64,
        old - 64,
        old * 2,
        old / 2,
        old << 8,
        old >> 8,
        INT64_MAX,
        INT64_MIN,
        UINT32_MAX,
        INT32_MAX,
        old + (UINT64_C(1) << 32),
        old - (UINT64_C(1) << 32),
    };
    for (size_t n = 0; n < COUNT(numbers); n++)
        try_word(victim, i, numbers[n]);
}

static void try_places(Victim *victim, size_t i)
{
    for (int p = 0; p < PLACES; p++)
        for (int step = -1; step <= 1; step++) {
            uint64_t at = victim->places[p] + 8 * (uint64_t)(int64_t)step;
            try_word(victim, i, at);
            try_word(victim, i, at / 8);
            try_word(victim, i, at << 8 | (victim->words[i] & 255));
            try_word(victim, i, (victim->words[i] & ~AT_MASK) | at / 8);
            try_word(victim, i, at << VERSION_BITS | 1);
        }
}

// As values, which are masked.
static void try_values(Victim *victim, size_t i)
{
    uint64_t mask = word_load(&victim->table.mask);
    for (uint64_t word = 0; word < 7; word++)
        try_word(victim, i, mask ^ word);
    for (uint64_t type = 0; type < 8; type++)
        try_word(victim, i, mask ^ (type << 48 | 12345));
    for (int type = VALUE_INT; type <= VALUE_BYTES; type++)
        for (int p = 0; p < PLACES; p++)
            for (int step = -1; step <= 1; step++) {
                uint64_t at = victim->places[p] / 8 + (uint64_t)(int64_t)step;
                try_word(victim, i,
                         mask ^
                             word_of_chunk((ValueType)type, 1, at & AT_MASK));
            }
}

static void try_halves(Victim *victim, size_t i)
{
    const Table *table = &victim->table;
    uint32_t old = victim->halves[i], tag = old & ~table->number_mask;
    const uint32_t halves[] = {
        0,
        1,
        UINT32_MAX,
        INT32_MAX,
        old + 1,
        old - 1,
        old ^ UINT32_C(1) << 31,
        tag,
        tag | (table->count + 1),
        tag | table->count,
        tag | table->most_entries,
        tag | (table->most_entries + 1),
        table->number_mask,
        ~old,
        old << 1,
        old >> 1,
    };
    for (size_t n = 0; n < COUNT(halves); n++)
        try_half(victim, i, halves[n]);
    for (uint32_t number = 1; number <= table->count && number < 16; number++)
        try_half(victim, i, tag | number);
}

// Groups of cases

static void damage_numbers(Victim *victim)
{
    for (size_t i = 0; i < victim->size / 8; i++)
        if (victim->used[i])
            try_numbers(victim, i);
}

static void damage_places(Victim *victim)
{
    for (size_t i = 0; i < victim->size / 8; i++)
        if (victim->used[i])
            try_places(victim, i);
}

static void damage_values(Victim *victim)
{
    for (size_t i = 0; i < victim->size / 8; i++)
        if (victim->used[i] && 8 * i >= sizeof(SharedMap))
            try_values(victim, i);
}

static void damage_halves(Victim *victim)
{
    for (size_t i = 0; i < victim->size / 4; i++)
        if (victim->used[i / 2])
            try_halves(victim, i);
}

static void damage_bits(Victim *victim)
{
    for (size_t i = 0; i < victim->size / 8; i++)
        for (int bit = 0; bit < 64 && victim->used[i]; bit++)
            try_word(victim, i, victim->words[i] ^ UINT64_C(1) << bit);
}

// Of each length there are two: of a buffer that is cut off, and of one in
// which the rest was lost.
static void damage_length(Victim *victim)
{
    for (size_t size = 0; size <= victim->size; size++) {
        if (is_next("length", victim, size))
            try_it(victim, size);
        if (is_next("zeros from", victim, size)) {
            memset(victim->bytes + size, 0, victim->size - size);
            try_it(victim, victim->size);
            memcpy(victim->bytes, victim->whole, victim->size);
        }
    }
}

enum { FLIPPED = 4000, MOST_FLIPS = 12 };

// Some bits each time, always the same ones.
static void damage_random(Victim *victim)
{
    uint64_t state = 88172645463325252U + victim->kind;
    for (size_t i = 0; i < FLIPPED; i++) {
        for (size_t flips = i % MOST_FLIPS + 1; flips > 0; flips--) {
            size_t at = random_word(&state) % victim->size;
            if (victim->used[at / 8])
                victim->bytes[at] ^= (char)(1 << random_word(&state) % 8);
        }
        if (is_next("random bits", victim, i))
            try_it(victim, victim->size);
        memcpy(victim->bytes, victim->whole, victim->size);
    }
}

// Each word for each other one.
static void damage_swapped(Victim *victim)
{
    for (size_t i = 0; i < victim->size / 8; i++)
        for (size_t j = 0; j < victim->size / 8; j += 7)
            if (victim->used[i] && victim->used[j])
                try_word(victim, i, victim->words[j]);
}

// In a child

// Only a process that opens a file finds nothing wrong with a frozen map.
static void check_whole(const Victim *victim)
{
    SharedMap *map = guarded_copy(guarded, true, victim->bytes, victim->size);
    bool alone = victim->finder == WHO_OPENS;
    MapProblem expected = victim->kind == MAP_FROZEN && !alone
                              ? SHARED_MAP_DAMAGED
                              : SHARED_MAP_NO_PROBLEM;
    CHECK_INT(map_problem(map, victim->size, alone), expected);
}

static void damage_all(void (*damage)(Victim *victim))
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

static void check_damage(void (*damage)(Victim *victim), unsigned long least)
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

TEST(numbers, "each word of a map is another number")
{
    check_damage(damage_numbers, 50000);
}

TEST(places, "each word of a map leads elsewhere")
{
    check_damage(damage_places, 400000);
}

TEST(values, "each word of a map is another value")
{
    check_damage(damage_values, 350000);
}

TEST(halves, "each half of a word of a map is another one")
{
    check_damage(damage_halves, 150000);
}

TEST(bits, "each bit of a map is the other one")
{
    check_damage(damage_bits, 180000);
}

TEST(swapped, "each word of a map is also where another one was")
{
    check_damage(damage_swapped, 90000);
}

TEST(lengths, "a map is cut off, or lost, at every length")
{
    check_damage(damage_length, 140000);
}

TEST(random_bits, "several bits of a map are other ones")
{
    check_damage(damage_random, 7 * 2 * FLIPPED);
}
