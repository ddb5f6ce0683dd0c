// The map by hand, with one lock that lets in any number of readers.

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "map_load.h"
#include "resident.h"

typedef pthread_rwlock_t MapLock;

static void map_lock_init(pthread_rwlock_t *lock)
{
    pthread_rwlock_init(lock, NULL);
}

static void map_lock_destroy(pthread_rwlock_t *lock)
{
    pthread_rwlock_destroy(lock);
}

static inline void map_lock_read(pthread_rwlock_t *lock)
{
    pthread_rwlock_rdlock(lock);
}

static inline void map_lock_write(pthread_rwlock_t *lock)
{
    pthread_rwlock_wrlock(lock);
}

static inline void map_unlock(pthread_rwlock_t *lock)
{
    pthread_rwlock_unlock(lock);
}

#include "chained_map.h"
#include "map_cells.h"

const Cell pthreads_map_rwlock_cells[] = {
    { "map-get-uniform-1-rwlock", map_uniform, 1, 8000000, 0 },
    { "map-get-uniform-2-rwlock", map_uniform, 2, 8000000, 0 },
    { "map-95/5-2-rwlock", map_uniform, 2, 8000000, 5 },
    { "map-50/50-2-rwlock", map_uniform, 2, 8000000, 50 },
    BENCH_END
};
