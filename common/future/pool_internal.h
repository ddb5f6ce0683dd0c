// A pool, for pool.c and future_report.c.

#ifndef POOL_INTERNAL_H
#define POOL_INTERNAL_H

#include "base/names.h"

#include <pthread.h>
#include <stdalign.h>
#include <stdatomic.h>

#include "base/cache_line.h"
#include "os/spin.h"
#include "os/wait_list.h"
#include "pool.h"

struct Pool {
    size_t count;
    Tracked tracked;  // until it is joined
    SpinHabit habit;

    // On lines of their own: every start and every end of a task writes here.
    alignas(CACHE_LINE_PAIR) Lock lock;
    bool joined GUARDED_BY(lock);     // pool_join was called
    bool searching GUARDED_BY(lock);  // a thread without a task spins
    List waiting GUARDED_BY(lock);    // futures in the order of their start
    size_t running GUARDED_BY(lock);  // tasks that have begun and not ended
    WaitList idle GUARDED_BY(lock);   // threads that sleep
    _Atomic unsigned long changes;    // written with the lock, read without
    alignas(CACHE_LINE_PAIR) pthread_t threads[];
};

#endif
