// What calls of the library's SharedMap cost that need room, when the map
// is half full and when it is full.

#include "ours_map_full.h"

#include <stdio.h>

#include "shared_map.h"

typedef struct FullMap {
    SharedMap *map;
    long long oldest, next;  // its keys are numbers: from the oldest on
} FullMap;

static const char *key_of(char key[32], long long number)
{
    snprintf(key, 32, "key %lld", number);
    return key;
}

// The same map for warming up and for measuring; it dies with the driver.
static FullMap *filled(long long percent)
{
    static FullMap full;
    char key[32];
    if (full.map == NULL) {
        full.map = shared_map_new();
        while (shared_map_set_int(full.map, key_of(key, full.next), 1))
            full.next++;
        for (; full.oldest < full.next * (100 - percent) / 100;
             full.oldest++)
            shared_map_delete(full.map, key_of(key, full.oldest));
    }
    return &full;
}

double ours_map_new_key(const Cell *cell)
{
    FullMap *full = filled(cell->detail);
    char key[32];
    long long begin = bench_now();
    for (long long i = 0; i < cell->count; i++) {
        bool stored = shared_map_set_int(full->map, key_of(key, -1 - i), 1);
        bench_check(stored == (cell->detail < 100), "the map is not full");
        if (stored)
            shared_map_delete(full->map, key);
    }
    return (double)(bench_now() - begin) / (double)cell->count;
}

double ours_map_text(const Cell *cell)
{
    FullMap *full = filled(cell->detail);
    char key[32];
    // Room for the texts, in the full map too.
    if (cell->detail == 100)
        for (int i = 0; i < 1000; i++)
            shared_map_delete(full->map, key_of(key, full->oldest++));
    uint64_t random = 1;
    long long begin = bench_now();
    for (long long i = 0; i < cell->count; i++) {
        char text[] = "a text of 1 to 40 bytes, for the key here";
        text[1 + bench_below(&random, 40)] = '\0';
        long long at = full->next - 1 - bench_below(&random, 200);
        bool stored = shared_map_set_text(full->map, key_of(key, at), text);
        bench_check(stored, "no room for %s", key);
    }
    return (double)(bench_now() - begin) / (double)cell->count;
}

double ours_map_cache(const Cell *cell)
{
    FullMap *full = filled(cell->detail);
    char key[32];
    long long begin = bench_now();
    for (long long i = 0; i < cell->count; i++) {
        shared_map_delete(full->map, key_of(key, full->oldest++));
        bool stored =
            shared_map_set_int(full->map, key_of(key, full->next++), 1);
        bench_check(stored, "no room for %s", key);
    }
    return (double)(bench_now() - begin) / (double)cell->count;
}
