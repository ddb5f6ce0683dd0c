// The keys and the draws of the load on a map (map_load.h): a permutation
// by multiplication, so that neighbours in rank are not neighbours in
// memory, and a Zipf distribution with the exponent 0.99.

#include "map_load.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SCRAMBLE = 48271, LONGEST_KEY = 16 };

// A permutation of each block of MAP_KEYS numbers, so that neither the
// order of the keys' digits nor their popularity follows their place in
// memory.
static uint32_t scramble(uint32_t number)
{
    uint32_t place = number % MAP_KEYS;
    return number - place +
           (uint32_t)((uint64_t)place * SCRAMBLE % MAP_KEYS);
}

static void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    bench_check(memory != NULL, "no memory for the load");
    return memory;
}

// Writes the key with its NUL and returns where that ends. printf would
// take seconds for ten million of them.
static char *write_key(char *text, uint32_t number)
{
    char digits[11];
    uint32_t size = 0, width = 3 + number % 9;
    uint32_t rest = scramble(number);
    for (; rest > 0 || size < width; rest /= 10)
        digits[size++] = (char)('0' + rest % 10);

    memcpy(text, "user:", 5);
    text += 5;
    while (size > 0)
        *text++ = digits[--size];
    *text++ = '\0';
    return text;
}

const char *const *map_load_keys(uint32_t count)
{
    static const char **keys;
    static uint32_t made;
    if (made >= count)
        return keys;
    bench_check(made == 0, "more keys than at the first call");

    keys = (const char **)allocate(count, sizeof *keys);
    char *text = (char *)allocate(count, LONGEST_KEY + 1);
    for (uint32_t i = 0; i < count; i++) {
        keys[i] = text;
        text = write_key(text, i);
    }
    made = count;
    return keys;
}

// How often one of the ranks up to and including each comes, on a scale on
// which rank 1 alone comes once.
static double *zipf_scale(void)
{
    double *scale = (double *)allocate(MAP_KEYS, sizeof *scale);
    double sum = 0;
    for (int i = 0; i < MAP_KEYS; i++) {
        sum += pow(i + 1, -0.99);
        scale[i] = sum;
    }
    return scale;
}

// The first place of the scale that is greater than the point.
static uint32_t find_on_scale(const double *scale, double point)
{
    uint32_t low = 0, high = MAP_KEYS - 1;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (scale[middle] > point)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

const uint32_t *map_load_zipf(void)
{
    static uint32_t *draws;
    if (draws != NULL)
        return draws;

    draws = (uint32_t *)allocate(MAP_DRAWS, sizeof *draws);
    double *scale = zipf_scale();
    uint64_t random = 1;
    for (int i = 0; i < MAP_DRAWS; i++) {
        double fraction = (double)(bench_random(&random) >> 11) * 0x1p-53;
        double point = fraction * scale[MAP_KEYS - 1];
        draws[i] = scramble(find_on_scale(scale, point));
    }
    free(scale);
    return draws;
}

uint32_t map_load_sum(const MapLoad *load)
{
    uint32_t sum = 0;
    for (int thread = 0; thread < load->threads; thread++) {
        MapDraws draws = map_draws(load, thread);
        for (long long i = 0; i < load->each; i++) {
            MapDraw draw = map_draw(&draws);
            sum += draw.is_set ? 0 : draw.key;
        }
    }
    return sum;
}

bool *map_load_set_keys(const MapLoad *load)
{
    bool *set = (bool *)allocate(load->keys, sizeof *set);
    for (int thread = 0; thread < load->threads; thread++) {
        MapDraws draws = map_draws(load, thread);
        for (long long i = 0; i < load->each; i++) {
            MapDraw draw = map_draw(&draws);
            set[draw.key] = set[draw.key] || draw.is_set;
        }
    }
    return set;
}

static uint64_t fold(uint64_t a, uint64_t b)
{
    __extension__ typedef unsigned __int128 Product;
    Product product = (Product)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

// At most 8 bytes as a number.
static uint64_t load_word(const char *bytes, size_t size)
{
    uint64_t word = 0;
    memcpy(&word, bytes, size);
    return word;
}

uint64_t map_load_hash(const char *key, size_t size)
{
    const uint64_t odd = UINT64_C(0x9E3779B97F4A7C15);
    uint64_t hash = fold(size ^ odd, odd);
    for (; size > 8; size -= 8, key += 8)
        hash = fold(hash ^ load_word(key, 8), odd);
    return fold(hash ^ load_word(key, size), odd);
}
