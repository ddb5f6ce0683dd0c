// Shared by the tests with many threads at one map.

#ifndef MAP_THREADS_H
#define MAP_THREADS_H

#include <sched.h>

#include "kit.h"
#include "map_checks.h"
#include "worker_threads.h"

enum { THREADS = 4 };

// Runs it in all threads at once, with the map's buffer as worker_data.
static inline SharedMap *run_in_threads(SharedMap *map,
                                        void (*run)(WorkerContext *))
{
    Worker *workers[THREADS];
    for (int i = 0; i < THREADS; i++)
        workers[i] = worker_start(run, shared_map_buffer(map));
    for (int i = 0; i < THREADS; i++)
        worker_join(&workers[i]);
    return map;
}

// The map, once all threads have come here. Numbers them from 1 on.
static inline SharedMap *attach_together(WorkerContext *self, long long *number)
{
    SharedMap *map = shared_map_attach(self->worker_data);
    CHECK_INT(shared_map_add(map, "threads", 1, number), SHARED_MAP_OK);
    while (int_at(map, "threads") < THREADS)
        sched_yield();
    return map;
}

#endif
