// A hash table with chains (separate chaining), and a list through all entries
// that keeps the order of insertion. One mutex for each map guards all of it.
//
// Readers take the mutex too: without it, a reader could follow a pointer to an
// entry that another thread frees at the same moment (use after free). There is
// no condition, because no thread waits until a map is in some state. The fast
// map has open addressing in place of chains, and its readers try without a
// lock first.
#include "base/base.h"

#include "plain_map.h"

// FNV-1a, by G. Fowler, L. C. Noll and K.-P. Vo. It has no secret, so an
// attacker that chooses the keys can make all of them collide (hash flooding).
static size_t hash_of(const void *key, size_t key_size)
{
    const unsigned char *bytes = key;
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < key_size; i++)
        hash = (hash ^ bytes[i]) * UINT64_C(1099511628211);
    return (size_t)(hash ^ hash >> 32);
}

static Entry **bucket_of(const SharedMap *map, size_t hash)
{
    return &map->buckets[hash & (map->size - 1)];
}

// The hashes are compared first: most keys that differ have other hashes.
Entry *map_find(const SharedMap *map, const void *key, size_t key_size)
{
    if (map->count == 0 || key_size > map->most)
        return NULL;
    size_t hash = hash_of(key, key_size);
    Entry *entry = *bucket_of(map, hash);
    while (entry && (entry->hash != hash || entry->key_size != key_size ||
                     memcmp(entry->key, key, key_size) != 0))
        entry = entry->next;
    return entry;
}

static void put_in_bucket(SharedMap *map, Entry *entry)
{
    Entry **bucket = bucket_of(map, entry->hash);
    entry->next = *bucket;
    *bucket = entry;
}

// There are at least as many buckets as entries, so that a chain has few. The
// buckets double each time, and all entries go into the new ones (rehashing):
// that makes an insertion cheap on average (amortized). The caller holds the
// mutex, so no reader meets a table that is half full.
static Entry *add(SharedMap *map, const void *key, size_t key_size)
{
    if (map->count == map->size) {
        free(map->buckets);
        map->size = map->size > 0 ? 2 * map->size : 16;
        map->buckets = must_calloc(map->size, sizeof *map->buckets);
        for (ListNode *node = map->entries.first; node; node = node->next)
            put_in_bucket(map, LIST_OBJECT(node, Entry, node));
    }
    Entry *entry = must_calloc(1, sizeof *entry + key_size);
    memcpy(entry->key, key, key_size);
    entry->key_size = key_size;
    entry->hash = hash_of(key, key_size);
    put_in_bucket(map, entry);
    list_append(&map->entries, &entry->node);
    map->count++;
    map->used += sizeof *entry + key_size;
    return entry;
}

static size_t bytes_of(Value value)
{
    return value_has_bytes(value) ? value.size : 0;
}

// The old value is freed under the mutex: no reader can be copying it.
bool map_put(SharedMap *map, const void *key, size_t key_size, Value value)
{
    Entry *entry = map_find(map, key, key_size);
    size_t replaced = entry ? bytes_of(entry->value) : 0;
    size_t room = map->most - (map->used - replaced);
    size_t added = entry ? 0 : sizeof *entry + key_size;
    if (key_size > map->most || added > room || bytes_of(value) > room - added)
        return false;
    Value copy = map_copy(value);
    if (entry == NULL)
        entry = add(map, key, key_size);
    value_free(&entry->value);
    entry->value = copy;
    map->used += bytes_of(copy) - replaced;
    return true;
}

void map_remove(SharedMap *map, Entry *entry)
{
    Entry **link = bucket_of(map, entry->hash);
    while (*link != entry)
        link = &(*link)->next;
    *link = entry->next;
    list_remove(&map->entries, &entry->node);
    map->count--;
    map->used -= sizeof *entry + entry->key_size + bytes_of(entry->value);
    value_free(&entry->value);
    free(entry);
}

void map_clear(SharedMap *map)
{
    while (map->entries.first)
        map_remove(map, LIST_OBJECT(map->entries.first, Entry, node));
    free(map->buckets);
    map->buckets = NULL;
    map->size = 0;
}
