// The threads of the explored program: the state of each, its view of memory
// (vector clocks), and the object it waits for. All of this lasts one run of
// the program; the next run starts again from zero.

#ifndef THREAD_H
#define THREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/finding.h"
#include "clock.h"
#include "fiber.h"

// The event on which a blocked thread waits. A woken thread checks its
// condition again, as with a real condition variable.
typedef struct Wait {
    const void *object;  // its address is the key for wake_all and wake_one
    const char *what;    // in words, such as "a mutex"
    long long deadline;  // virtual nanoseconds, or NEVER
    bool spurious;       // the wait may also end by a spurious wake-up
} Wait;

#define NEVER INT64_MAX

enum { MAX_CALLS = 64, MAX_KEYS = 32 };

// A thread's knowledge of memory. Synchronizing with the thread passes it on.
typedef struct View {
    Clock happened;  // events that happen before the thread's next one: they
                     // are in no data race with it
    Clock visible;   // stores that a load cannot miss; `happened` is part of it
    uint32_t fence;  // a load cannot miss the sequentially consistent stores up
                     // to this number either
} View;

typedef enum ThreadState { READY, BLOCKED, ENDED } ThreadState;

typedef struct Thread {
    int id;
    ThreadState state;
    char name[32];
    void *(*run)(void *);
    void *arg, *result;
    bool detached, joined;

    Wait wait;               // of a blocked thread
    bool timed_out;          // how its last wait ended
    const void *wait_place;  // the code address of that wait

    View view;
    View released;  // at its last release fence: a relaxed store publishes it
    View loaded;    // seen by relaxed loads: an acquire fence adds it to `view`

    const void *calls[MAX_CALLS];  // call sites, the outermost first
    int depth;

    void *values[MAX_KEYS];  // pthread_setspecific
    void *cleanups;          // the innermost handler of pthread_cleanup_push
    char *storage;           // its thread-local variables

    int turn;              // number of points since another thread ran
    const void *spins_on;  // the atomic that it loaded last,
    int looks;             // how often it got the same value in a row,
    uint64_t seen;         // and that value

    Fiber fiber;
} Thread;

extern Thread *self;                 // the running thread; NULL outside a run
extern Thread threads[MAX_THREADS];  // thread_count; threads[0] is main
extern long long now;                // virtual time, nanoseconds

// Moves the calling thread's clock on: later events are not part of the views
// that have been copied so far. Called after each release.
void tick(void);

// Adds the other view to the first one: an acquire.
void view_join(View *view, const View *other);

// Returns a code address of the thread, or NULL, with the calls that led there.
Place thread_place(const Thread *thread, const void *address);

// The same for the calling thread; outside of a run it has no calls.
Place thread_place_here(const void *address);

#endif
