// The threads of the explored program, and which of them runs.
//
// They run one at a time, each until it comes to a point: an operation that
// another thread could notice, or that waits. There we choose who goes on.
// All of this is for one run of the program; the next one starts afresh.

#ifndef THREAD_H
#define THREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

extern Thread *self;  // the one that runs; NULL outside of a run
extern Thread threads[MAX_THREADS];
extern int thread_count;  // threads[0] is main
extern long long now;     // virtual time, nanoseconds

// Begins with main, which calls run, and returns when the run is over:
// after run_over. The caller is not a thread.
void threads_run(void *(*run)(void *), void *arg);

// Ends the run, from any thread.
_Noreturn void run_over(void);

// Starts another thread. Returns NULL when there are too many.
Thread *thread_add(void *(*run)(void *), void *arg);

// Ends the calling thread.
_Noreturn void thread_end(void *result);

// A point before an operation on the object; any thread may be next.
// Returns when it is our turn again. name is the operation's, for the
// listing.
void point(const char *name, const void *object, const void *place);

// Lets all others go first.
void point_yield(const void *place);

// Waits. Returns true when woken, false when the time has come.
bool point_wait(Wait wait, const void *place);

// Wakes all that wait for the object, or one of them.
void wake_all(const void *object);
void wake_one(const void *object);

// Publishes what the thread has done so far: later events are not part of
// it.
void tick(void);

// Sees what another thread has published.
void view_join(View *view, const View *other);

#endif
