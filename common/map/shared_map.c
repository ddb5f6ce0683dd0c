// Read plain/plain_map.c first; this does the same, but readers take no lock,
// because every word of the map is atomic and each change has one commit point;
// and the map lies in one flat block without pointers, so that processes share
// it. README.md in this folder has the pictures.
//
// This file makes, shares and ends maps. The magic bytes come last when a map
// is made and go first when it ends, so that no call accepts half a map.
#include "base/base.h"

#include "os/fork.h"
#include "shared_map_internal.h"

const char map_magic[8] = "SharMap";
_Atomic(MapFileTest *) map_file_is_read_only;

// All that lies in the buffer follows from these sizes. Each C library has a
// lock of its own.
uint32_t map_layout(void)
{
    enum { KIND = 5 };  // counted up when the same sizes mean something else
    unsigned lock = sizeof(SharedLock) / sizeof(int) % 64;
#ifdef __GLIBC__
    lock += 64;
#endif
    lock += 128 * shared_lock_is_robust();
    return (uint32_t)(KIND << 24 | lock << 16 | sizeof(SharedMap) << 8 |
                      sizeof(long long) << 4 | sizeof(void *));
}

// Making and sharing.

// Random, so that the copies of a map get different ones in all processes.
bool map_set_identity(SharedMap *map)
{
    uint64_t identity;
    if (!random_fill(&identity, sizeof identity))
        return false;
    word_store(&map->identity, identity | 1);
    return true;
}

MapProblem map_make(void *buffer, size_t size, MapOwner owner)
{
    SharedMap *map = buffer;
    if (size < sizeof *map)
        return SHARED_MAP_TOO_SMALL;
    if (!random_fill(&map->block.secret, sizeof map->block.secret) ||
        !map_set_identity(map))
        return SHARED_MAP_REFUSED;
    if (!block_init(&map->block, size - offsetof(SharedMap, block)))
        return SHARED_MAP_TOO_SMALL;
    map->size = size;
    map->layout = map_layout();
    map->owner = owner;
    atomic_store_explicit(&map->private_in, 0, memory_order_relaxed);
    // Against the compiler only: a kill in between must find no magic yet.
    atomic_signal_fence(memory_order_seq_cst);
    memcpy(map->magic, map_magic, sizeof map_magic);
    return SHARED_MAP_NO_PROBLEM;
}

static SharedMap *make(void *buffer, size_t size, MapOwner owner)
{
    const char *call =
        owner == OWNER_MAP ? "shared_map_new_sized" : "shared_map_new_in";
    MapProblem problem = map_make(buffer, size, owner);
    if (problem == SHARED_MAP_REFUSED)
        die("%s: no random numbers for a shared map: %s", call,
            error_text(errno));
    if (problem != SHARED_MAP_NO_PROBLEM)
        die("%s: a shared map does not fit in %zu bytes; 4096 hold a small one",
            call, size);
    return buffer;
}

SharedMap *shared_map_new_in(void *buffer, size_t size)
{
    SharedMap *map = make(buffer, size, OWNER_CALLER);
    if (memory_is_private(buffer))
        atomic_store_explicit(&map->private_in, process_forks() + 1,
                              memory_order_relaxed);
    return map;
}

SharedMap *shared_map_new_sized(size_t buffer_bytes)
{
    void *buffer = memory_reserve(buffer_bytes > 0 ? buffer_bytes : 1);
    if (buffer == NULL)
        die("shared_map_new_sized: no address space for a shared map of %zu "
            "bytes; ask for fewer",
            buffer_bytes);
    return make(buffer, buffer_bytes, OWNER_MAP);
}

SharedMap *shared_map_attach(void *buffer)
{
    SharedMap *map = buffer;
    if (map == NULL || memcmp(map->magic, map_magic, sizeof map_magic) != 0)
        die("shared_map_attach: there is no shared map in this buffer; give it "
            "one that shared_map_buffer returned");
    if (map->layout != map_layout())
        die("shared_map_attach: this map was made by another kind of program; "
            "build both with the same library and C library");
    return map;
}

// The name of the program's call comes from its call site.
_Noreturn void map_die(const char *words)
{
    const char *call = called_from ? strchr(called_from, '\0') + 1 : "map";
    die("%.*s: %s", (int)strcspn(call, "("), call, words);
}

void *shared_map_buffer(SharedMap *map)
{
    if (map == NULL)
        map_die(MAP_IS_NULL);
    TRACED(share_map(map));
    return map;
}

void shared_map_free(SharedMap **map)
{
    SharedMap *freed = map ? *map : NULL;
    map_enter(freed);
    if (freed->owner == OWNER_FILE)
        die("shared_map_free: this map came from shared_map_open; end it with "
            "shared_map_close");
    TRACED(free_map(freed));
    shared_lock_destroy(&freed->block.lock);
    memset(freed->magic, 0, sizeof freed->magic);
    if (freed->owner == OWNER_MAP)
        memory_release(freed, freed->size);
    *map = NULL;
}

// Calls from inside an update.

_Thread_local MapUpdate *map_updates;

// Two mappings of one buffer are one map, and have one identity. A copy of a
// map has the same secret.
void map_must_not_be_in(const MapUpdate *updates, const SharedMap *map)
{
    for (const MapUpdate *update = updates; update; update = update->outer)
        if (word_load(&update->map->identity) == word_load(&map->identity) &&
            !map_is_read_only(map))
            die("shared_map_update: its change called the same map; let it "
                "compute only, and call the map after the update");
}

// As after a process that was killed: the copy gets a new lock, and what was
// left half done is completed or dropped. Fork copies one page after the other
// while the other threads go on, so the whole map is checked. The lock here
// orders the threads of the child.
void map_mend_copy(SharedMap *map)
{
    static Lock lock;
    uint32_t here = process_forks() + 1;
    if (atomic_load_explicit(&map->private_in, memory_order_acquire) == here)
        return;
    lock_acquire(&lock);
    if (atomic_load_explicit(&map->private_in, memory_order_acquire) != here &&
        map_problem(map, map->size, true, DEADLINE_NEVER))
        map_die("fork copied this map while another thread changed it; use "
                "shared_map_new, or fork when no thread uses the map");
    atomic_store_explicit(&map->private_in, here, memory_order_release);
    lock_release(&lock);
}

// The whole map.

size_t shared_map_size(SharedMap *map)
{
    TRACED(map_call());
    map_enter(map);
    if (map_is_read_only(map)) {
        MapEntries *entries = shared_map_entries(map);
        size_t counted = entries ? entries->count : 0;
        free(entries);
        return counted;
    }
    if (!map_lock(map))
        return 0;
    size_t count = block_table(&map->block)->alive;
    TRACED(map_moment());
    block_unlock(&map->block);
    TRACED(map(map, "size", NULL, 0, value_int((long long)count)));
    return count;
}

bool shared_map_clear(SharedMap *map)
{
    TRACED(map_call());
    map_enter(map);
    map_must_be_writable(map);
    if (!map_lock(map))
        return false;
    block_clear(&map->block);
    block_unlock(&map->block);
    TRACED(map(map, "clear", NULL, 0, value_none()));
    return true;
}

void shared_map_wait_at_most(SharedMap *map, long long milliseconds)
{
    map_enter(map);
    map_must_be_writable(map);
    block_wait_at_most(&map->block, milliseconds);
}
