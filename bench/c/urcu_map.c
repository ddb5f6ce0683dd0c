// The map of liburcu: a lock-free hash table with readers that only mark
// their beginning and their end (read-copy-update). An entry is changed in
// place, and a removed one is freed when no reader can see it any more.

#define _LGPL_SOURCE  // a reader's marks are compiled into this file
#include <stdlib.h>
#include <string.h>
#include <urcu.h>
#include <urcu/rculfhash.h>

#include "map_load.h"
#include "resident.h"

typedef struct cds_lfht Map;

typedef struct Entry {
    struct cds_lfht_node node;
    union {
        int64_t value;               // changes atomically
        struct Entry *next_removed;  // when no longer in the map
    };
    char key[];
} Entry;

// It must count its entries to resize itself well: without, a great one
// takes seconds to be emptied.
enum { FLAGS = CDS_LFHT_AUTO_RESIZE | CDS_LFHT_ACCOUNTING };

// Room for all from the beginning.
static Map *map_new(uint32_t keys)
{
    unsigned long buckets = 1;
    while (buckets < keys)
        buckets *= 2;
    Map *map = cds_lfht_new(buckets, 1, 0, FLAGS, NULL);
    bench_check(map != NULL, "no memory for the map");
    return map;
}

static Entry *remove_all(Map *map)
{
    struct cds_lfht_iter iter;
    Entry *entry, *removed = NULL;
    rcu_read_lock();
    cds_lfht_for_each_entry(map, &iter, entry, node)
    {
        cds_lfht_del(map, &entry->node);
        entry->next_removed = removed;
        removed = entry;
    }
    rcu_read_unlock();
    return removed;
}

// Its own thread may be resizing it: once for all entries, we wait until no
// reader is left.
static void map_free(Map *map)
{
    Entry *entry = remove_all(map);
    synchronize_rcu();
    while (entry != NULL) {
        Entry *next = entry->next_removed;
        free(entry);
        entry = next;
    }
    cds_lfht_destroy(map, NULL);
}

static int has_key(struct cds_lfht_node *node, const void *key)
{
    const Entry *entry = caa_container_of(node, Entry, node);
    return strcmp(entry->key, key) == 0;
}

// The caller is a reader, which keeps the entry.
static inline Entry *find(Map *map, const char *key, uint64_t hash)
{
    struct cds_lfht_iter iter;
    cds_lfht_lookup(map, hash, has_key, key, &iter);
    struct cds_lfht_node *node = cds_lfht_iter_get_node(&iter);
    return node != NULL ? caa_container_of(node, Entry, node) : NULL;
}

static inline int64_t map_get(Map *map, const char *key)
{
    uint64_t hash = map_load_hash(key, strlen(key));
    rcu_read_lock();
    const Entry *entry = find(map, key, hash);
    int64_t value = entry != NULL ? uatomic_read(&entry->value) : -1;
    rcu_read_unlock();
    return value;
}

static void add(Map *map, const char *key, uint64_t hash, int64_t value)
{
    size_t size = strlen(key) + 1;
    Entry *entry = malloc(sizeof *entry + size);
    bench_check(entry != NULL, "no memory for %s", key);
    cds_lfht_node_init(&entry->node);
    entry->value = value;
    memcpy(entry->key, key, size);

    struct cds_lfht_node *there =
        cds_lfht_add_unique(map, hash, has_key, key, &entry->node);
    if (there != &entry->node) {  // another thread was faster
        uatomic_set(&caa_container_of(there, Entry, node)->value, value);
        free(entry);
    }
}

static inline void map_set(Map *map, const char *key, int64_t value)
{
    uint64_t hash = map_load_hash(key, strlen(key));
    rcu_read_lock();
    Entry *entry = find(map, key, hash);
    if (entry != NULL)
        uatomic_set(&entry->value, value);
    else
        add(map, key, hash, value);
    rcu_read_unlock();
}

#define MAP_THREAD_BEGIN rcu_register_thread
#define MAP_THREAD_END rcu_unregister_thread
#include "map_cells.h"

const Cell urcu_map_cells[] = { MAP_READERS(, 16000000),
                                MAP_CELLS(, 16000000),
                                { "map-get-10000000", map_sized, 1,
                                  16000000, 10000000 },
                                BENCH_END };
