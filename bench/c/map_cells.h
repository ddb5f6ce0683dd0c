// The cells of one map. This is text to be included: the measured loop is
// then compiled together with the calls of the map, which the file before
// it has:
//
//     typedef struct Map Map;
//
//     // An empty map. `keys` are coming, should it want to know.
//     static Map *map_new(uint32_t keys);
//     static void map_free(Map *map);
//
//     // -1: there is no such key.
//     static int64_t map_get(Map *map, const char *key);
//     static void map_set(Map *map, const char *key, int64_t value);
//
// and, where a thread must say that it begins and ends to use maps,
// MAP_THREAD_BEGIN() and MAP_THREAD_END().
//
// In C++ it may be included more than once, each time in another namespace.

#ifndef MAP_THREAD_BEGIN
#define MAP_THREAD_BEGIN() ((void)0)
#define MAP_THREAD_END() ((void)0)
#endif

typedef struct MapRun {
    MapLoad load;
    Map *map;
    uint32_t sums[MAP_THREADS];  // of what each thread has read
} MapRun;

static void map_fill(Map *map, uint32_t count)
{
    const char *const *keys = map_load_keys(count);
    for (uint32_t i = 0; i < count; i++)
        map_set(map, keys[i], i);
}

// The same map for warming up and for measuring; it dies with the driver.
static inline Map *map_filled(uint32_t count)
{
    static Map *map;
    if (map == NULL) {
        map = map_new(count);
        map_fill(map, count);
    }
    return map;
}

// The measured loop.
static inline void map_use(void *context, int thread)
{
    MapRun *run = (MapRun *)context;
    Map *map = run->map;
    const char *const *keys = map_load_keys(run->load.keys);
    MapDraws draws = map_draws(&run->load, thread);
    uint32_t sum = 0;

    MAP_THREAD_BEGIN();
    for (long long i = 0; i < run->load.each; i++) {
        MapDraw draw = map_draw(&draws);
        if (draw.is_set)
            map_set(map, keys[draw.key], map_load_value(draw.key, i));
        else
            sum += (uint32_t)map_get(map, keys[draw.key]);
    }
    MAP_THREAD_END();
    run->sums[thread] = sum;
}

static inline void map_check_sum(const MapRun *run)
{
    uint32_t sum = 0;
    for (int thread = 0; thread < run->load.threads; thread++)
        sum += run->sums[thread];
    uint32_t expected = map_load_sum(&run->load);
    bench_check(sum == expected, "sum is %u, not %u", sum, expected);
}

// Every key still has its own value, and what was set was set.
static inline void map_check_values(const MapRun *run)
{
    const char *const *keys = map_load_keys(run->load.keys);
    bool *set = map_load_set_keys(&run->load);
    for (uint32_t i = 0; i < run->load.keys; i++) {
        int64_t value = map_get(run->map, keys[i]);
        bool right = (uint32_t)value == i && (value >> 32 != 0 || !set[i]);
        bench_check(right, "%s is %lld", keys[i], (long long)value);
    }
    free(set);
}

static inline double map_measure(const Cell *cell, MapLoad load)
{
    load.threads = cell->threads;
    load.each = cell->count / cell->threads;
    MAP_THREAD_BEGIN();
    MapRun run;
    run.load = load;
    run.map = map_filled(load.keys);
    long long ns = bench_threads(cell->threads, map_use, &run);
    map_check_sum(&run);
    if (load.sets > 0)
        map_check_values(&run);
    MAP_THREAD_END();
    return (double)ns / (double)(load.each * cell->threads);
}

// All keys equally likely; detail: how many of a hundred operations are
// sets.
static inline double map_uniform(const Cell *cell)
{
    MapLoad load = { MAP_KEYS, (uint32_t)cell->detail, NULL, 0, 0 };
    return map_measure(cell, load);
}

// By Zipf's law; detail: 0 for gets, 100 for sets.
static inline double map_zipf(const Cell *cell)
{
    MapLoad load = { MAP_KEYS, (uint32_t)cell->detail, map_load_zipf(), 0,
                     0 };
    return map_measure(cell, load);
}

// Gets from a map of `detail` keys.
static inline double map_sized(const Cell *cell)
{
    MapLoad load = { (uint32_t)cell->detail, 0, NULL, 0, 0 };
    return map_measure(cell, load);
}

// Makes a map, fills it and frees it. The look at the first and the last
// key is measured too.
static inline void map_fill_maps(void *context, int thread)
{
    MapRun *run = (MapRun *)context;
    const char *const *keys = map_load_keys(MAP_KEYS);
    MAP_THREAD_BEGIN();
    for (long long i = 0; i < run->load.each; i++) {
        Map *map = map_new(MAP_KEYS);
        map_fill(map, MAP_KEYS);
        run->sums[thread] += (uint32_t)map_get(map, keys[0]) +
                             (uint32_t)map_get(map, keys[MAP_KEYS - 1]);
        map_free(map);
    }
    MAP_THREAD_END();
}

static inline double map_inserts(const Cell *cell)
{
    long long maps = cell->count / MAP_KEYS;
    MapRun run;
    run.load.each = maps > 0 ? maps : 1;
    run.sums[0] = 0;
    map_load_keys(MAP_KEYS);
    long long ns = bench_threads(1, map_fill_maps, &run);
    bench_check(run.sums[0] == (MAP_KEYS - 1) * (uint32_t)run.load.each,
                "sum is %u", run.sums[0]);
    return (double)ns / (double)(run.load.each * MAP_KEYS);
}

// Bytes for each entry, its key and value included.
static inline double map_memory(const Cell *cell)
{
    (void)cell;
    map_load_keys(MAP_KEYS);
    MAP_THREAD_BEGIN();
    long long before = resident_bytes();
    map_fill(map_new(MAP_KEYS), MAP_KEYS);
    long long bytes = resident_bytes() - before;
    MAP_THREAD_END();
    return (double)bytes / (double)MAP_KEYS;
}

// The lines of a table of cells. `scope` is the namespace:: of the
// functions, or nothing. Those in which several threads only read are
// apart, for a map that has another lock for them.
#define MAP_READERS(scope, count)                                          \
    { "map-get-uniform-2", scope map_uniform, 2, count, 0 },               \
    {                                                                      \
        "map-get-zipf-2", scope map_zipf, 2, count, 0                      \
    }

#define MAP_CELLS(scope, count)                                            \
    { "map-get-uniform-1", scope map_uniform, 1, count, 0 },               \
        { "map-get-zipf-1", scope map_zipf, 1, count, 0 },                 \
        { "map-set-uniform-1", scope map_uniform, 1, count, 100 },         \
        { "map-set-uniform-2", scope map_uniform, 2, count, 100 },         \
        { "map-set-zipf-1", scope map_zipf, 1, count, 100 },               \
        { "map-set-zipf-2", scope map_zipf, 2, count, 100 },               \
        { "map-95/5-2", scope map_uniform, 2, count, 5 },                  \
        { "map-95/5-4", scope map_uniform, 4, count, 5 },                  \
        { "map-50/50-2", scope map_uniform, 2, count, 50 },                \
        { "map-50/50-4", scope map_uniform, 4, count, 50 },                \
        { "map-insert-1", scope map_inserts, 1, count, 0 },                \
        { "map-get-10", scope map_sized, 1, count, 10 },                   \
        { "map-get-100", scope map_sized, 1, count, 100 },                 \
        { "map-get-1000", scope map_sized, 1, count, 1000 },               \
        { "map-get-10000", scope map_sized, 1, count, 10000 },             \
        { "map-get-100000", scope map_sized, 1, count, 100000 },           \
        { "map-get-1000000", scope map_sized, 1, count, 1000000 },         \
    {                                                                      \
        "memory-map-entry", scope map_memory, 1, 0, 0                      \
    }
