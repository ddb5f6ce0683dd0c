// The insides of the map: sizes at their bounds, and looks that must end
// whatever they come across.

#include <stdlib.h>

#include "map/map_table_internal.h"
#include "map/shared_map_internal.h"
#include "map_alone.h"
#include "map_checks.h"

TEST(chunk_sizes,
     "a chunk takes its head and whole words, and too much for some")
{
    const uint64_t most = UINT32_MAX / 2;
    CHECK_INT((long long)chunk_bytes(0), sizeof(Chunk));
    CHECK_INT((long long)chunk_bytes(1), sizeof(Chunk) + 8);
    CHECK_INT((long long)chunk_bytes(8), sizeof(Chunk) + 8);
    CHECK_INT((long long)chunk_bytes(9), sizeof(Chunk) + 16);
    CHECK_INT((long long)chunk_bytes(most), (long long)(most + 17));
    CHECK(chunk_bytes(most + 1) > UINT32_MAX);
    CHECK(chunk_bytes(UINT64_MAX) > UINT32_MAX);
}

TEST(key_too_large, "a key that is larger than any map is not looked at")
{
    const Secret secret = { { 1, 2, 3 } };
    Key key;
    for (size_t eighths = 4; eighths < 8; eighths++) {
        key_init(&key, &secret, "", UINT32_MAX / 8 * eighths + 8);
        CHECK_INT((long long)fingerprint_size(key.fingerprint), NO_KEY);
    }
}

TEST(index_sizes, "an index has twice as many slots as entries, or more")
{
    CHECK_INT((long long)index_slots_for(0), 16);
    CHECK_INT((long long)index_slots_for(8), 16);
    CHECK_INT((long long)index_slots_for(9), 32);
    CHECK_INT((long long)index_slots_for(16), 32);
    CHECK_INT((long long)index_slots_for(17), 64);
    CHECK_INT((long long)index_bytes(64), 256);
}

// The slots of all entries that there cannot be.
static void fill_index(const Table *table)
{
    Index index = index_of(table);
    for (uint32_t i = 0; i <= index.mask; i++)
        atomic_store(&index.slots[i], UINT32_MAX);
}

TEST(no_free_slot, "a look ends also where there is no free slot")
{
    static char long_key[100];
    memset(long_key, 'k', sizeof long_key);
    SharedMap *map = map_with_int(1);
    fill_index(map_table_alone(map));
    CHECK(!shared_map_has(map, "key"));
    CHECK(!shared_map_has_n(map, long_key, sizeof long_key));
    shared_map_free(&map);
}

TEST(no_slot_to_take, "a set ends also where there is no free slot to take")
{
    SharedMap *map = map_with_int(1);
    fill_index(map_table_alone(map));
    shared_map_set_int(map, "other", 2);
    shared_map_free(&map);
}

TEST(other_keys, "a look ends where all slots are another key's")
{
    SharedMap *map = map_with_int(1);
    const Table *table = map_table_alone(map);
    Index index = index_of(table);
    Key key;
    map_enter_key(map, &key, "other", 5);
    uint32_t slot = slot_tag(table, key.fingerprint) | 1;  // of entry 0
    for (uint32_t i = 0; i <= index.mask; i++)
        atomic_store(&index.slots[i], slot);
    CHECK(!shared_map_has(map, "other"));
    shared_map_free(&map);
}

TEST(versions, "the versions of a chunk count up one by one, to the last")
{
    SharedMap *map = shared_map_new();
    Table *table = map_table_alone(map);
    uint64_t at = chunk_add(table, "12345678", 8), version = 1;
    CHECK(!chunk_takes(table, at, 9));
    while (chunk_takes(table, at, 8) && version <= LAST_VERSION) {
        version++;
        CHECK(chunk_write(table, at, "87654321", 8) == version);
    }
    CHECK_INT((long long)version, LAST_VERSION);
    shared_map_free(&map);
}
