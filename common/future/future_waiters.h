// Who waits for futures: each future has a list of those who want to be told
// that it has settled or ended. A thread goes on the list of each that it waits
// for, sleeps once, and takes itself off.

#ifndef FUTURE_WAITERS_H
#define FUTURE_WAITERS_H

#include "base/names.h"
#include "deadlock/deadlock.h"
#include "future_internal.h"

// What one thread waits for.
typedef struct AwaitGroup {
    bool any;  // any of some futures, or else all
    Waiter waiter;
    _Atomic size_t pending;    // futures of which we were not told
    Future *_Atomic decisive;  // of all the first that failed, or of any the
                               // first that returned; NULL until there is one
} AwaitGroup;

// A group on one future's list, guarded by that future's lock.
typedef struct FutureWaiter {
    AwaitGroup *group;
    Future *future;
    unsigned flag;  // what for: AWAITED or JOINED
    bool listed;
    ListNode node;
} FutureWaiter;

// Whether the future, which has settled, makes the others needless.
bool await_group_would_decide(const AwaitGroup *group, const Future *future);

// The first that did, or NULL.
Future *await_group_decisive(AwaitGroup *group);

// Notes the future, which has settled, if it is the first to decide.
void await_group_decide(AwaitGroup *group, Future *future);

// Says that so many more have settled; wakes the thread when that is all.
void await_group_count_down(AwaitGroup *group, size_t settled);
bool await_group_is_complete(AwaitGroup *group);

// Goes on the future's list, unless it has settled, or with JOINED has ended.
// Returns whether we are on the list.
bool future_waiter_add(FutureWaiter *waiter);

// Takes us off, if we are still on it. Whoever is about to wake us has done so
// when this returns.
void future_waiter_remove(FutureWaiter *waiter);

#endif
