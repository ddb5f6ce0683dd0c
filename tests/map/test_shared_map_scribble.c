// Maps that another process overwrites while they are in use, and keys that an
// attacker chose to collide (hash flooding).

#include <stdatomic.h>

#include "kit.h"
#include "map/map_table_internal.h"
#include "map_damage.h"
#include "test.h"
#include "worker_threads.h"

// Scribbling

typedef struct Scribble {
    SharedMap *map;
    _Atomic bool done;
} Scribble;

// A word of the table that is not one of its sizes, or of the writers: those
// are only read under the lock, which no thread takes here.
static Word *any_word(const Table *table, uint64_t random)
{
    Word *words = (Word *)table;
    uint64_t at = random % (table->size / sizeof(Word));
    bool may = at < offsetof(Table, size) / sizeof(Word) ||
               at >= sizeof *table / sizeof(Word);
    return &words[may ? at : 0];
}

// Some words are what is there elsewhere, or nearly, and so lead somewhere.
static void scribble(WorkerContext *self)
{
    Scribble *with = self->worker_data;
    Block *block = &with->map->block;
    uint64_t state = 42;
    while (!atomic_load(&with->done)) {
        uint64_t random = random_word(&state);
        const Table *table = block_table_at(block, random >> 60);
        uint64_t word = word_load(any_word(table, random >> 16));
        if (random % 4 == 0)
            word ^= UINT64_C(1) << (random >> 8) % 64;
        if (random % 4 == 1)
            word = random_word(&state);
        word_store(any_word(table, random >> 32), word);
        if (random % 512 == 0)
            word_store(&block->kept, word);
        if (random % 1024 == 0)
            word_store(&block->in_use, random >> 20);
    }
}

TEST(scribbled, "whatever is written to a map meanwhile, looks at it end in it")
{
    enum { ROUNDS = 2000 };
    Guarded guarded = guarded_new(DAMAGE_SIZE);
    void *buffer = guarded.to - DAMAGE_SIZE;
    Scribble with = { make_for_damage(MAP_OF_ALL, buffer, DAMAGE_SIZE), false };
    Worker *worker = worker_start(scribble, &with);
    for (int i = 0; i < ROUNDS; i++)
        for (size_t k = 0; k < DAMAGE_KEYS; k++) {
            Key key;
            Found found;
            Value value = value_none();
            char text[DAMAGE_SIZE];
            const Block *block = &with.map->block;
            key_init(&key, &block->secret, damage_keys[k],
                     strlen(damage_keys[k]));
            block_look(block, &key, &found);
            block_read(block, &key, &value, text, sizeof text);
            CHECK(!value_has_bytes(value) || value.size < DAMAGE_SIZE);
        }
    atomic_store(&with.done, true);
    worker_join(&worker);
}

// Colliding

enum { KEYS = 300, KEY_ROOM = 60, SLOTS = 1 << 10 };

static void number_key(char key[KEY_ROOM], const char *prefix, unsigned number)
{
    snprintf(key, KEY_ROOM, "%s%u", prefix, number);
}

static uint32_t hash_in(const SharedMap *map, const char *text)
{
    Key key;
    key_init(&key, &map->block.secret, text, strlen(text));
    return fingerprint_hash(key.fingerprint);
}

// How many slots are looked at, at most, to find a key.
static uint32_t longest_way(SharedMap *map)
{
    Index index = index_of(map_table_alone(map));
    uint32_t longest = 0, run = 0;
    for (uint32_t i = 0; i < 2 * (index.mask + 1); i++) {
        run = slot_load(index, i & index.mask) ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}

// Sets keys that collide in a map of which the secret is known, in this map.
static uint32_t set_colliding(SharedMap *map, const SharedMap *known,
                              const char *prefix)
{
    char key[KEY_ROOM];
    unsigned number = 0;
    for (int found = 0; found < KEYS; number++) {
        number_key(key, prefix, number);
        if (hash_in(known, key) % SLOTS != 0)
            continue;
        CHECK(shared_map_set_int(map, key, found++));
    }
    return longest_way(map);
}

static void check_collisions(const char *prefix)
{
    enum { USUAL = 150 };  // is never seen; half of that is rare
    SharedMap *known = shared_map_new();
    CHECK(set_colliding(known, known, prefix) >= KEYS);
    for (int i = 0; i < 3; i++) {
        SharedMap *other = shared_map_new();
        CHECK(set_colliding(other, known, prefix) < USUAL);
        CHECK_INT(shared_map_size(other), KEYS);
        shared_map_free(&other);
    }
    shared_map_free(&known);
}

TEST(collisions, "keys that collide in one map do not in another one")
{
    check_collisions("");
    check_collisions("a key that is too long for its entry ");
}

// As many times as there are keys, of which there is room for more.
static void come_and_go(SharedMap *map, const char *key)
{
    enum { OTHERS = 20 * 1000, USUAL = 150 };
    char other[KEY_ROOM];
    for (unsigned i = 0; i < OTHERS; i++) {
        number_key(other, "key ", i);
        CHECK(shared_map_set_int(map, other, i));
    }
    for (int i = 0; i < OTHERS; i++) {
        CHECK(shared_map_set_int(map, key, i));
        CHECK_INT(int_at(map, key), i);
        CHECK(shared_map_delete(map, key));
        CHECK(!shared_map_has(map, key));
    }
    CHECK_INT(shared_map_size(map), OTHERS);
    CHECK(longest_way(map) < USUAL);
    CHECK(shared_map_set_int(map, key, 1));
    CHECK_INT(int_at(map, key), 1);
    shared_map_clear(map);
}

TEST(coming_and_going, "a key that comes and goes does not collide with itself")
{
    SharedMap *map = shared_map_new();
    come_and_go(map, "key");
    come_and_go(map, "a key that is too long for its entry");
    CHECK(map_problem(map, map->size, false, DEADLINE_NEVER) ==
          SHARED_MAP_NO_PROBLEM);
    shared_map_free(&map);
}

// Adds a key again, as a process would that is killed before the key is in the
// index.
static void check_recovery(SharedMap *map, const char *key)
{
    Table *table = map_table_alone(map);
    Index index = index_of(table);
    CHECK(shared_map_set_int(map, key, 1));
    CHECK(shared_map_delete(map, key));
    Slot *slot = &index.slots[hash_in(map, key) & index.mask];
    uint32_t before = atomic_load(slot);
    CHECK(shared_map_set_int(map, key, 2));
    CHECK(atomic_load(slot) != before);
    atomic_store(slot, before);
    CHECK(!shared_map_has(map, key));
    table_recover(table);
    CHECK_INT(int_at(map, key), 2);
    CHECK(map_problem(map, map->size, false, DEADLINE_NEVER) ==
          SHARED_MAP_NO_PROBLEM);
    shared_map_clear(map);
}

TEST(recovered, "a key that was deleted, and is half added again, is there")
{
    SharedMap *map = shared_map_new();
    check_recovery(map, "key");
    check_recovery(map, "a key that is too long for its entry");
    shared_map_free(&map);
}

TEST(hashes, "no two maps agree on which keys collide")
{
    SharedMap *one = shared_map_new(), *other = shared_map_new();
    const char *const prefixes[] = { "", "a long key with a number behind " };
    for (size_t p = 0; p < COUNT(prefixes); p++) {
        char first[KEY_ROOM], key[KEY_ROOM];
        unsigned both = 0;
        number_key(first, prefixes[p], 0);
        for (unsigned i = 1; i < KEYS * 100; i++) {
            number_key(key, prefixes[p], i);
            both += hash_in(one, key) % 64 == hash_in(one, first) % 64 &&
                    hash_in(other, key) % 64 == hash_in(other, first) % 64;
        }
        CHECK(both < 100);  // of 100,000: by chance 24
    }
    shared_map_free(&one);
    shared_map_free(&other);
}
