// A hash map as one writes it by hand: chains of nodes with strdup'ed keys,
// as many buckets as keys, and one lock around all of it. This is text to
// be included by a file that says which lock:
//
//     typedef pthread_mutex_t MapLock;
//     map_lock_init, map_lock_destroy, map_lock_read, map_lock_write,
//     map_unlock: functions of a MapLock *

typedef struct Node {
    struct Node *next;
    uint64_t hash;
    char *key;
    int64_t value;
} Node;

typedef struct Map {
    MapLock lock;    // guards all that follows
    Node **buckets;  // a power of two of them
    size_t size, count;
} Map;

enum { FIRST_BUCKETS = 16 };

static void *map_allocate(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    bench_check(memory != NULL, "no memory for the map");
    return memory;
}

static Map *map_new(uint32_t keys)
{
    (void)keys;  // it grows
    Map *map = map_allocate(1, sizeof *map);
    map_lock_init(&map->lock);
    map->size = FIRST_BUCKETS;
    map->buckets = map_allocate(map->size, sizeof *map->buckets);
    return map;
}

static void map_free(Map *map)
{
    for (size_t i = 0; i < map->size; i++) {
        Node *next;
        for (Node *node = map->buckets[i]; node != NULL; node = next) {
            next = node->next;
            free(node->key);
            free(node);
        }
    }
    map_lock_destroy(&map->lock);
    free(map->buckets);
    free(map);
}

static Node **bucket_of(const Map *map, uint64_t hash)
{
    return &map->buckets[hash & (map->size - 1)];
}

static Node *find(const Map *map, const char *key, uint64_t hash)
{
    Node *node = *bucket_of(map, hash);
    while (node != NULL &&
           (node->hash != hash || strcmp(node->key, key) != 0))
        node = node->next;
    return node;
}

static void grow(Map *map)
{
    Map bigger = { .size = map->size * 2 };
    bigger.buckets = map_allocate(bigger.size, sizeof *bigger.buckets);
    for (size_t i = 0; i < map->size; i++) {
        Node *next;
        for (Node *node = map->buckets[i]; node != NULL; node = next) {
            next = node->next;
            Node **bucket = bucket_of(&bigger, node->hash);
            node->next = *bucket;
            *bucket = node;
        }
    }
    free(map->buckets);
    map->buckets = bigger.buckets;
    map->size = bigger.size;
}

static void insert(Map *map, const char *key, uint64_t hash, int64_t value)
{
    if (map->count++ == map->size)
        grow(map);
    Node **bucket = bucket_of(map, hash);
    Node *node = map_allocate(1, sizeof *node);
    *node = (Node){ *bucket, hash, strdup(key), value };
    bench_check(node->key != NULL, "no memory for %s", key);
    *bucket = node;
}

static inline int64_t map_get(Map *map, const char *key)
{
    uint64_t hash = map_load_hash(key, strlen(key));
    map_lock_read(&map->lock);
    const Node *node = find(map, key, hash);
    int64_t value = node != NULL ? node->value : -1;
    map_unlock(&map->lock);
    return value;
}

static void map_set(Map *map, const char *key, int64_t value)
{
    uint64_t hash = map_load_hash(key, strlen(key));
    map_lock_write(&map->lock);
    Node *node = find(map, key, hash);
    if (node != NULL)
        node->value = value;
    else
        insert(map, key, hash, value);
    map_unlock(&map->lock);
}
