// Making a map, sharing it and locking it. The map's buffer is the structure
// itself, and entries are the process's memory: so threads can share a map, and
// processes cannot. The fast map has offsets into its buffer in place of
// pointers, and a robust mutex, which outlives a process that held it.
#include "base/base.h"

#include "plain_map.h"

static const char magic[8] = "PlainMap";

static SharedMap *make(void *buffer, size_t size, bool is_ours)
{
    if (size < sizeof(SharedMap))
        die("a shared map does not fit in %zu bytes", size);
    SharedMap *map = buffer;
    *map = (SharedMap){ .most = size / 16 * 7, .is_ours = is_ours };
    memcpy(map->magic, magic, sizeof magic);
    must(pthread_mutex_init(&map->mutex, NULL));
    return map;
}

SharedMap *shared_map_new_in(void *buffer, size_t size)
{
    return make(buffer, size, false);
}

SharedMap *shared_map_new_sized(size_t buffer_bytes)
{
    return make(must_malloc(sizeof(SharedMap)), buffer_bytes, true);
}

SharedMap *shared_map_attach(void *buffer)
{
    SharedMap *map = buffer;
    if (map == NULL || memcmp(map->magic, magic, sizeof magic) != 0)
        die("shared_map_attach: there is no shared map in this buffer");
    return map;
}

// Each thread has a list of its own: no other thread looks at it, so it needs
// no mutex.
_Thread_local Update *map_updates;

// The mutex is free while a change runs, so a call of the same map from inside
// it would work. But a change may run again, and then it would count twice.
static void check(const SharedMap *map)
{
    const char *call = called_from ? strchr(called_from, '\0') + 1 : "map";
    if (map == NULL)
        die("%.*s: the map is NULL: it was freed or closed, or never made",
            (int)strcspn(call, "("), call);
    for (const Update *update = map_updates; update; update = update->outer)
        if (update->map == map)
            die("shared_map_update: its change called the same map");
    if (map_updates)
        map_updates->has_called = true;
}

// A thread holds the mutex for a few steps, and never while it sleeps or calls
// a function of the program: so no thread waits here for long.
void map_lock(SharedMap *map)
{
    check(map);
    must(pthread_mutex_lock(&map->mutex));
}

void map_unlock(SharedMap *map)
{
    must(pthread_mutex_unlock(&map->mutex));
}

void *shared_map_buffer(SharedMap *map)
{
    check(map);
    return map;
}

void shared_map_free(SharedMap **map)
{
    SharedMap *freed = map ? *map : NULL;
    check(freed);
    map_clear(freed);
    must(pthread_mutex_destroy(&freed->mutex));
    // A later shared_map_attach finds that no map is here.
    memset(freed->magic, 0, sizeof freed->magic);
    if (freed->is_ours)
        free(freed);
    *map = NULL;
}
