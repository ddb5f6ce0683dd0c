// fork: a child process has a copy of all memory, and of all threads only the
// one that called fork. Another thread may have been in the middle of anything:
// in the child, its locks stay taken and its lists half changed.
//
// So each object that threads share is tracked, and in the child, while that
// still has one thread, its in_child takes out what the other threads left: it
// frees the locks and forgets the sleepers. Objects without a tracked place
// (futures) are as old as a count of forks says.
//
// Under explore (FEW_TRIES), which has no fork, nothing is tracked.

#ifndef FORK_H
#define FORK_H

#include "base/names.h"

#include <stdbool.h>

#include "base/list.h"

// How many forks lie between the first process and this one. An object that
// notes this number when it is made can tell that it is the parent's.
// Written before a child has a second thread, and only read after that. Inline:
// each future asks.
extern unsigned fork_count;

static inline unsigned process_forks(void)
{
    return fork_count;
}

// Whether the thread with this number (thread_number) is one of a parent's,
// which this process does not have.
bool thread_is_gone(unsigned long number);

typedef struct Report Report;  // see deadlock/deadlock.h

// An object that threads share, from when it is made to when it is freed.
typedef struct Tracked {
    // Says what is left of it, in whole sentences, when the program ends.
    // Called with a lock held: it reads, and takes no locks and no memory.
    // NULL: there is nothing to say.
    void (*explain)(const struct Tracked *tracked, Report *report);
    // Mends it in a child of fork, before that has a second thread. Takes no
    // lock. NULL: there is nothing to mend.
    void (*in_child)(struct Tracked *tracked);
    const char *place;  // called_from, when it was made
    bool is_thread;     // which should have been joined
    ListNode node;
} Tracked;

#ifndef FEW_TRIES

// Calls it in each child of fork, when all tracked objects are mended. To be
// called by a constructor, before main.
void fork_in_child(void (*run)(void));

// tracked->is_thread is the caller's to set.
void track(Tracked *tracked, void (*explain)(const Tracked *, Report *),
           void (*in_child)(Tracked *));
void untrack(Tracked *tracked);

// All tracked objects, the oldest first, with their lock; NULL if that cannot
// be had (lock_try): exit may have been called in a signal handler, in the
// middle of track.
const List *tracked_lock(void);
void tracked_unlock(void);

#else

static inline void fork_in_child(void (*run)(void))
{
    (void)run;
}

static inline void track(Tracked *tracked,
                         void (*explain)(const Tracked *, Report *),
                         void (*in_child)(Tracked *))
{
    (void)tracked, (void)explain, (void)in_child;
}

static inline void untrack(Tracked *tracked)
{
    (void)tracked;
}

#endif

#endif
