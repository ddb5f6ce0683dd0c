// What plain_map.c (a hash table) and the files of its calls share.

#ifndef PLAIN_MAP_H
#define PLAIN_MAP_H

#include "base/names.h"

#include <pthread.h>

#include "base/list.h"
#include "shared_map.h"

#define map_find common_map_find
#define map_put common_map_put
#define map_remove common_map_remove
#define map_clear common_map_clear
#define map_lock common_map_lock
#define map_unlock common_map_unlock
#define map_updates common_map_updates
#define map_must_be_storable common_map_must_be_storable
#define map_copy common_map_copy

typedef struct Entry {
    struct Entry *next;  // in its bucket
    ListNode node;       // among all entries, in the order of insertion
    size_t hash;
    Value value;  // its text or bytes are ours
    size_t key_size;
    char key[];
} Entry;

struct SharedMap {
    char magic[8];
    pthread_mutex_t mutex;  // guards all that follows
    size_t used, most;      // bytes of entries, keys and values
    Entry **buckets;        // chains of entries: their hashes end alike
    size_t size;            // how many buckets, a power of two
    size_t count;           // how many entries
    List entries;
    bool is_ours;  // the memory of this structure
};

// The updates that this thread is in the middle of.
typedef struct Update {
    const SharedMap *map;
    struct Update *outer;
    bool has_called;  // another map
} Update;

extern _Thread_local Update *map_updates;

// Locks the map, or ends the process: the map must be one, and this thread in
// no update of it.
void map_lock(SharedMap *map);
void map_unlock(SharedMap *map);

void map_must_be_storable(Value value, const char *call);

// All of these need the mutex.

// The entry of the key, or NULL.
Entry *map_find(const SharedMap *map, const void *key, size_t key_size);

// Sets the key to a copy of the value. Returns false, and changes nothing, when
// the map is full.
bool map_put(SharedMap *map, const void *key, size_t key_size, Value value);

// The same value with a copy of its text or bytes.
Value map_copy(Value value);

void map_remove(SharedMap *map, Entry *entry);
void map_clear(SharedMap *map);

#endif
