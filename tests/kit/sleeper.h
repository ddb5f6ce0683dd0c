// Threads that sleep in atomics_wait. A notify returns how many threads it
// woke. So a thread that notifies until that is 1 knows that the other thread
// was asleep, and need not hope so.

#ifndef SLEEPER_H
#define SLEEPER_H

#include <stdatomic.h>
#include <stdbool.h>

#include "atomics.h"
#include "test.h"
#include "worker_threads.h"

// One wait in a thread of its own, and when that is joined, what came of it.
typedef struct Sleeper {
    _Atomic int32_t *word;
    Deadline deadline;
    atomic_bool awake;
    WaitResult result;
    Worker *worker;
} Sleeper;

static inline void run_sleeper(WorkerContext *self)
{
    Sleeper *sleeper = self->worker_data;
    if (sleeper->deadline.ns == DEADLINE_NEVER.ns)
        sleeper->result = atomics_wait(sleeper->word, 0);
    else
        sleeper->result =
            atomics_wait_until(sleeper->word, 0, sleeper->deadline);
    atomic_store(&sleeper->awake, true);
}

static inline void start(Sleeper *sleeper, _Atomic int32_t *word,
                         Deadline deadline)
{
    sleeper->word = word;
    sleeper->deadline = deadline;
    atomic_init(&sleeper->awake, false);
    sleeper->worker = worker_start(run_sleeper, sleeper);
    test_let_others_run();
}

static inline void check_join(Sleeper *sleeper, WaitResult result)
{
    worker_join(&sleeper->worker);
    CHECK_INT(sleeper->result, result);
}

static inline void wake_one(_Atomic int32_t *word)
{
    while (atomics_notify(word, 1) == 0)
        test_let_others_run();
}

#endif
