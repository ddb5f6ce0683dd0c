// The load on a map, the same in every language: the keys, which of them
// each thread draws and in what order, and the sums that must come out.
//
// Key number n holds the value n. A thread that sets it puts n in the lower
// 32 bits and anything but 0 above: so the lower 32 bits of the sum of all
// reads do not depend on which thread came first.

#ifndef MAP_LOAD_H
#define MAP_LOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "bench.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    MAP_KEYS = 100000,    // of all cells but those that say otherwise
    MAP_DRAWS = 1 << 20,  // prepared, for Zipf's law
    MAP_THREADS = 4       // at most
};

// The work of one cell. Each thread makes its own draws, by its index.
typedef struct MapLoad {
    uint32_t keys;
    uint32_t sets;  // of a hundred operations; the others are gets
    const uint32_t
        *zipf;  // MAP_DRAWS key numbers; NULL: all equally likely
    int threads;
    long long each;  // how many operations a thread does
} MapLoad;

// The first `count` keys: "user:" and 3 to 11 digits. Made at the first
// call, with the greatest count that will be asked for.
const char *const *map_load_keys(uint32_t count);

// Draws among MAP_KEYS by Zipf's law: the key of rank r comes in proportion
// to 1 / r^0.99. Made once.
const uint32_t *map_load_zipf(void);

// The lower 32 bits of the sum of all that the threads read.
uint32_t map_load_sum(const MapLoad *load);

// Which keys the threads set: an array of load->keys, the caller's to
// free().
bool *map_load_set_keys(const MapLoad *load);

// The draws of one thread.
typedef struct MapDraws {
    MapLoad load;  // a copy, that no other thread can have changed
    uint64_t random;
    uint32_t next;  // in load.zipf
} MapDraws;

typedef struct MapDraw {
    uint32_t key;
    bool is_set;
} MapDraw;

static inline MapDraws map_draws(const MapLoad *load, int thread)
{
    MapDraws draws;
    draws.load = *load;
    draws.random = UINT64_C(0x9E3779B97F4A7C15) * (uint64_t)(thread + 1);
    draws.next = (uint32_t)thread * (MAP_DRAWS / MAP_THREADS);
    return draws;
}

// The upper half of one random number chooses the key, the lower half
// whether to set it.
static inline MapDraw map_draw(MapDraws *draws)
{
    const MapLoad *load = &draws->load;
    MapDraw draw;
    if (load->zipf != NULL) {
        draw.key = load->zipf[draws->next++ % MAP_DRAWS];
        draw.is_set = load->sets > 0;
        return draw;
    }
    uint64_t random = bench_random(&draws->random);
    draw.key = (uint32_t)((random >> 32) * load->keys >> 32);
    draw.is_set = (uint64_t)(uint32_t)random * 100 >> 32 < load->sets;
    return draw;
}

// The value that a thread's operation number `operation` sets a key to.
static inline int64_t map_load_value(uint32_t key, long long operation)
{
    return (int64_t)key + (((operation & 0x3fff) + 1) << 32);
}

// A hash for those maps that bring none: words are folded into it by a long
// multiplication, as in wyhash.
uint64_t map_load_hash(const char *key, size_t size);

#ifdef __cplusplus
}
#endif

#endif
