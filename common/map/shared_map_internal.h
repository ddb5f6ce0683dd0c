// What the files of shared_map.h share.

#ifndef SHARED_MAP_INTERNAL_H
#define SHARED_MAP_INTERNAL_H

#include "base/names.h"

#include "map_block.h"
#include "shared_map_file.h"

typedef enum MapOwner {
    OWNER_CALLER,
    OWNER_MAP,  // shared_map_free unmaps it
    OWNER_FILE  // shared_map_close does (shared_map_file.c)
} MapOwner;

// The start of the buffer. The fields before the block are set before the map
// is shared, and never change; but for the identity, which a copy of a map has
// too, until it gets another one.
struct SharedMap {
    union {
        struct {
            char magic[8];
            uint64_t size;    // bytes, of the whole buffer
            uint32_t layout;  // differs between builds that cannot share a map
            uint32_t owner;   // of the buffer: a MapOwner
            Word identity;    // no other map's. 0: the lock may be no lock
            // 0, or of a map in private memory, of which each child of fork
            // has a copy: the process that it is in order for, counted in
            // forks from 1 on.
            _Atomic uint32_t private_in;
        };
        char line[CACHE_LINE];
    };
    Block block;
};

extern const char map_magic[8];
uint32_t map_layout(void);

// Makes a map in the buffer; the magic comes last. The problem is that it does
// not fit, or that there are no random numbers.
MapProblem map_make(void *buffer, size_t size, MapOwner owner);

// Gives the map an identity that no other map has, or had. Returns false, and
// sets errno, if there are no random numbers.
bool map_set_identity(SharedMap *map);

// Checks all of `size` bytes that may hold anything (map_check.c). `alone` says
// that no other process uses them: then the map gets a new lock and identity,
// and the half of a change that was left behind is completed or dropped. Waits
// for the lock until the deadline at most.
MapProblem map_problem(SharedMap *map, size_t size, bool alone,
                       Deadline deadline);

// Whether all sizes are those of a map in `size` bytes of this layout.
bool map_sizes_fit(const SharedMap *map, size_t size);

// The updates that this thread is in the middle of.
typedef struct MapUpdate {
    const SharedMap *map;
    struct MapUpdate *outer;
    bool has_called;  // another map
} MapUpdate;

extern _Thread_local MapUpdate *map_updates;

// Every call begins with map_enter, which checks that this thread is in no
// update of the map, or with map_enter_key, which also prepares the key.

void map_must_not_be_in(const MapUpdate *updates, const SharedMap *map);

// Ends the process with the name of the program's call, and these words.
_Noreturn void map_die(const char *words);
#define MAP_IS_NULL "the map is NULL: it was freed or closed, or never made"

static inline void map_enter(const SharedMap *map)
{
    if (map == NULL)
        map_die(MAP_IS_NULL);
    if (map_updates) {
        map_must_not_be_in(map_updates, map);
        map_updates->has_called = true;
    }
}

static inline void map_enter_key(const SharedMap *map, Key *key,
                                 const void *bytes, size_t size)
{
    map_enter(map);
    TRACED(map_call());
    key_init(key, &map->block.secret, bytes, size);
}

// Tells of a map in a file whether this process may only read it. NULL until
// the process has opened such a map: map_file/ may be left out of a program.
typedef bool MapFileTest(const void *map);
extern _Atomic(MapFileTest *) map_file_is_read_only;

// A map that this process has opened read-only. Its lock is never taken, and
// every call that changes a map ends the process. Relaxed: a program passes the
// map to other threads in an order of its own.
static inline bool map_is_read_only(const SharedMap *map)
{
    MapFileTest *test =
        atomic_load_explicit(&map_file_is_read_only, memory_order_relaxed);
    return test && map->owner == OWNER_FILE && test(map);
}

static inline void map_must_be_writable(const SharedMap *map)
{
    if (map_is_read_only(map))
        map_die("this map was opened read-only; open it with shared_map_open "
                "to change it");
}

// In a child of fork: puts the copy of a map in private memory in order, whose
// lock a thread may hold that the child does not have. Or ends the process with
// a message.
void map_mend_copy(SharedMap *map);

// As block_lock.
static inline bool map_lock(SharedMap *map) TRY_ACQUIRES(map->block.lock)
{
    if (atomic_load_explicit(&map->private_in, memory_order_acquire) != 0)
        map_mend_copy(map);
    return block_lock(&map->block);
}

// As block_look and block_read, but with further tries, and then the lock. They
// return false, and the key seems to be missing, if the lock takes too long.

bool map_look_again(SharedMap *map, const Key *key, Found *found);
bool map_read(SharedMap *map, const Key *key, Value *value, void *buffer,
              size_t room);

static inline bool map_look(SharedMap *map, const Key *key, Found *found)
{
    return block_look(&map->block, key, found) ||
           map_look_again(map, key, found);
}

// The same, but text and bytes are a copy that is the caller's to free.
bool map_copy_value(SharedMap *map, const Key *key, Value *value);

void map_must_be_storable(Value value, const char *call);

// The change that every call makes that changes one key and needs the lock:
// sets the key to `desired`, or deletes it if that is VALUE_NONE. With
// `expected`: if its value equals that. Without: whatever its value is, but a
// key that is deleted must be there. Otherwise SHARED_MAP_DIFFERS. When it
// fails, nothing has changed.
MapResult change_locked(SharedMap *map, const Key *key, const Value *expected,
                        Value desired);

// An update with the lock held: shared_map_update after some tries.
MapResult map_update_in_turn(SharedMap *map, const Key *key, MapUpdate *update,
                             MapChange *change, void *context);

#endif
