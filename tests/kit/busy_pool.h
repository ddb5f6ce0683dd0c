// A pool with only one thread, which is busy until it is set free, so that
// nothing else begins there; and a task that counts how often it runs.

#ifndef BUSY_POOL_H
#define BUSY_POOL_H

#include "gate.h"
#include "pool.h"

static Gate go, busy;

static inline void keep_busy(Task *self)
{
    (void)self;
    gate_open(&busy);
    gate_pass(&go);
}

static inline Pool *busy_pool(Future **busy_with)
{
    Pool *pool = pool_new(1);
    *busy_with = pool_start(pool, keep_busy, NULL, 0);
    gate_pass(&busy);
    return pool;
}

static inline void set_free(Pool *pool, Future *busy_with)
{
    gate_open(&go);
    future_join(&busy_with);
    pool_join(&pool);
}

static atomic_int runs;

static inline void count_run(Task *self)
{
    (void)self;
    atomic_fetch_add(&runs, 1);
}

#endif
