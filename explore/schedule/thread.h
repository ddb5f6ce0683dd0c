// The threads of the explored program: what each one is, has seen and waits
// for. All of this is for one run of the program; the next one starts afresh.

#ifndef THREAD_H
#define THREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/finding.h"
#include "clock.h"
#include "fiber.h"

// On which event a blocked thread waits. It goes on when it is woken, and
// then looks for itself whether what it wanted has come.
typedef struct Wait {
    const void *object;  // what is waited for
    const char *what;    // in words, such as "a mutex"
    long long deadline;  // virtual nanoseconds, or NEVER
    bool spurious;       // may also end without a reason
} Wait;

#define NEVER INT64_MAX

enum { MAX_CALLS = 64, MAX_KEYS = 32 };

// What a thread has seen of the memory, and what others will when they
// synchronize with it.
typedef struct View {
    Clock happened;  // before us: no data race with that
    Clock visible;   // stores that we cannot miss; includes what happened
    uint32_t fence;  // and all sequentially consistent ones up to this number
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
    const void *wait_place;  // code addresses: where it waits

    View view;
    View released;  // what a relaxed store publishes: our last fence
    View loaded;    // what relaxed loads saw: for our next fence

    const void *calls[MAX_CALLS];  // call sites, the outermost first
    int depth;

    void *values[MAX_KEYS];  // pthread_setspecific
    void *cleanups;  // what pthread_cleanup_push asked for, the innermost
    char *storage;   // its thread-local variables

    int turn;              // how many points since others could go on
    const void *spins_on;  // what it looked at last,
    int looks;             // how often since anything changed
    uint64_t seen;         // and what it saw

    Fiber fiber;
} Thread;

extern Thread *self;                 // the one that runs; NULL outside of a run
extern Thread threads[MAX_THREADS];  // thread_count; threads[0] is main
extern long long now;                // virtual time, nanoseconds

// Publishes what the thread has done so far: later events are not part of
// it.
void tick(void);

// Sees what another thread has published.
void view_join(View *view, const View *other);

// An address in the thread, or NULL, with the calls that led there.
Place thread_place(const Thread *thread, const void *address);

// The same in the calling thread, or outside of a run without calls.
Place thread_place_here(const void *address);

#endif
