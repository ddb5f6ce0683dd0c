// The inside of a future, for future.c (one future's life), future_await.c
// (waiting for several) and pool.c (futures without a thread of their own).

#ifndef FUTURE_PARTS_H
#define FUTURE_PARTS_H

#include <pthread.h>
#include <stdalign.h>

#include "pool.h"
#include "wait_list.h"

struct Future {
    Task task;
    void (*run)(Task *self);
    pthread_t thread;  // the starter's alone, like has_thread
    bool has_thread;
    Pool *pool;    // whose queue it went to, or NULL
    Lock lock;     // guards all below
    bool begun;    // its task runs, has run, or never will
    bool settled;  // then value changes no more, and needs no lock
    bool ended;    // its task will not touch the future again
    int owners;
    Value value;        // its text or bytes are our own copy
    WaitList awaiting;  // until it settles; their `what` is a Gathering
    WaitList joining;   // until it has ended
    alignas(max_align_t) char args[];
};

// What a thread waits for that awaits futures (future_await.c).
typedef struct Gathering Gathering;

// Counts a future that has settled. Called with the future's lock held.
void gathering_note(Gathering *gathering, Future *future);

// Makes a future that two own: its starter, and whoever is to run it.
Future *future_new_pooled(Pool *pool, void (*run)(Task *self), const void *args,
                          size_t size);

// Tells the pool that one of its tasks has ended, or will never begin.
void pool_note_end(Pool *pool);

// Runs the task here, unless it has begun elsewhere or was cancelled.
void future_run(Future *future);

// Gives up one ownership. The last one frees the future.
void future_release(Future *future);

// A pool's future: rather than wait for its thread, runs here what none has
// begun, if there is no deadline to miss.
void future_help(Future *future, Deadline deadline);

#endif
