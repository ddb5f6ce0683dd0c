// The map by hand, with one mutex.

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "map_load.h"
#include "pthreads_map_rwlock.h"
#include "resident.h"

typedef pthread_mutex_t MapLock;

static void map_lock_init(pthread_mutex_t *lock)
{
    pthread_mutex_init(lock, NULL);
}

static void map_lock_destroy(pthread_mutex_t *lock)
{
    pthread_mutex_destroy(lock);
}

static inline void map_lock_read(pthread_mutex_t *lock)
{
    pthread_mutex_lock(lock);
}

static inline void map_lock_write(pthread_mutex_t *lock)
{
    pthread_mutex_lock(lock);
}

static inline void map_unlock(pthread_mutex_t *lock)
{
    pthread_mutex_unlock(lock);
}

#include "chained_map.h"
#include "map_cells.h"

const Cell pthreads_map_cells[] = {
    MAP_READERS(, 8000000),
    MAP_CELLS(, 8000000),
    { "map-get-uniform-1-rwlock", rwlock_map, 1, 8000000, 0 },
    { "map-get-uniform-2-rwlock", rwlock_map, 2, 8000000, 0 },
    { "map-95/5-2-rwlock", rwlock_map, 2, 8000000, 5 },
    { "map-50/50-2-rwlock", rwlock_map, 2, 8000000, 50 },
    BENCH_END
};
