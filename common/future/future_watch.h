// Who waits for futures: each future has a list of those who want to be told
// that it has settled or ended. A thread goes on the list of each that it waits
// for, sleeps once, and takes itself off.

#ifndef FUTURE_WATCH_H
#define FUTURE_WATCH_H

#include "base/names.h"
#include "deadlock/deadlock.h"
#include "future_internal.h"

// What one thread waits for.
typedef struct Gathering {
    bool any;  // any of some futures, or else all
    Waiter waiter;
    _Atomic size_t pending;    // futures of which we were not told
    Future *_Atomic decisive;  // of all the first that failed, or of any the
                               // first that returned; NULL until there is one
} Gathering;

// A gathering on one future's list, guarded by that future's lock.
typedef struct Watch {
    Gathering *gathering;
    Future *future;
    unsigned flag;  // what for: AWAITED or JOINED
    struct Watch *next;
    struct Watch **link;  // what points to us; NULL when we are not listed
} Watch;

// Whether the future, which has settled, makes the others needless.
bool gathering_would_decide(const Gathering *gathering, const Future *future);

// The first that did, or NULL.
Future *gathering_decisive(Gathering *gathering);

// Notes the future, which has settled, if it is the first to decide.
void gathering_decide(Gathering *gathering, Future *future);

// Says that so many more have settled; wakes the thread when that is all.
void gathering_count_down(Gathering *gathering, size_t settled);
bool gathering_is_complete(Gathering *gathering);

// Goes on the future's list, unless it has settled, or with JOINED has ended.
// Returns whether we are on the list.
bool watch_enroll(Watch *watch);

// Takes us off, if we are still on it. Whoever is about to wake us has done so
// when this returns.
void watch_withdraw(Watch *watch);

#endif
