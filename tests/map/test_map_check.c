// Maps that map_check.c must refuse, each damaged in one field that all the
// other checks let pass: so no other check stands in for the one that is meant.

#include <stdio.h>

#include "map/map_table_internal.h"
#include "map/shared_map_internal.h"
#include "map_alone.h"
#include "map_checks.h"

enum { SIZE = 64 * 1024, SLOTS = 16 };

static void check_problem(SharedMap *map, MapProblem expected)
{
    MapProblem problem = SHARED_MAP_REFUSED;
    shared_map_attach_checked(shared_map_buffer(map), SIZE, &problem);
    CHECK_TEXT(map_problem_words(problem), map_problem_words(expected));
}

// A shift by 64 or more is undefined: some processors shift by the rest.
TEST(index_power, "an index word with another power of two is refused")
{
    SharedMap *map = shared_map_new_sized(SIZE);
    Table *table = map_table_alone(map);
    uint64_t word = word_load(&table->index);
    CHECK(shared_map_set_int(map, "key", 1));
    for (uint64_t power = 0; power < 256; power++) {
        word_store(&table->index, (word & ~UINT64_C(255)) | power);
        check_problem(map, power == (word & 255) ? SHARED_MAP_NO_PROBLEM
                                                 : SHARED_MAP_DAMAGED);
    }
    word_store(&table->index, word);
    shared_map_free(&map);
}

// Sets a key whose first slot is this one of 16.
static void set_at_home(SharedMap *map, uint32_t slot)
{
    char name[20];
    Key key;
    int i = 0;
    do {
        snprintf(name, sizeof name, "%d", i++);
        map_enter_key(map, &key, name, strlen(name));
    } while (fingerprint_hash(key.fingerprint) % SLOTS != slot);
    CHECK(shared_map_set_int(map, name, 1));
}

// With every slot used, a lookup of a missing key would go round and round.
TEST(crowded, "an index that is more than half full is refused, and a full one")
{
    for (uint32_t count = 1; count <= SLOTS; count++) {
        SharedMap *map = shared_map_new_sized(SIZE);
        for (uint32_t i = 0; i < count; i++)
            set_at_home(map, i);
        index_start(map_table_alone(map), SLOTS);
        check_problem(map, count <= SLOTS / 2 ? SHARED_MAP_NO_PROBLEM
                                              : SHARED_MAP_DAMAGED);
        shared_map_free(&map);
    }
}

// The numbers are right, but a lookup of the second key finds nothing.
TEST(two_slots, "an index with two slots of one entry is refused")
{
    SharedMap *map = shared_map_new_sized(SIZE);
    Table *table = map_table_alone(map);
    set_at_home(map, 0);
    set_at_home(map, 1);
    index_start(table, SLOTS);
    check_problem(map, SHARED_MAP_NO_PROBLEM);
    Index index = index_of(table);
    atomic_store(&index.slots[1], slot_load(index, 0));
    check_problem(map, SHARED_MAP_DAMAGED);
    shared_map_free(&map);
}
