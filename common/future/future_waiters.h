// Waiters: a thread that waits for futures registers with each of them, sleeps
// once, and takes itself off. A future that settles or ends tells its waiters.

#ifndef FUTURE_WAITERS_H
#define FUTURE_WAITERS_H

#include "base/names.h"
#include "deadlock/deadlock.h"
#include "future_internal.h"

// All that one thread waits for in one call.
typedef struct AwaitGroup {
    bool any;  // any of the futures, or else all
    Waiter waiter;
    _Atomic size_t pending;    // futures that were not counted yet
    Future *_Atomic decisive;  // the first that decides: with `all` the first
                               // that failed, with `any` the first that
                               // returned; NULL until then
} AwaitGroup;

// A group on one future's list, guarded by that future's lock. A singly linked
// list: its head is one pointer in the future, and it is short.
typedef struct FutureWaiter {
    AwaitGroup *group;
    Future *future;
    unsigned flag;  // for which event: AWAITED or JOINED
    struct FutureWaiter *next;
} FutureWaiter;

// Whether the future, which has settled, decides without the rest.
static inline bool await_group_would_decide(const AwaitGroup *group,
                                            const Future *future)
{
    return (future->value.type == VALUE_ERROR) != group->any;
}

// The future that decided, or NULL.
static inline Future *await_group_decisive(AwaitGroup *group)
{
    return atomic_load_explicit(&group->decisive, memory_order_acquire);
}

static inline bool await_group_is_complete(AwaitGroup *group)
{
    return await_group_decisive(group) != NULL ||
           atomic_load_explicit(&group->pending, memory_order_acquire) == 0;
}

// Counts the future, which has settled or ended, and notes it if it is the
// first to decide. Wakes the thread if the group is complete then.
void await_group_note(AwaitGroup *group, Future *future);

// Registers the group with the future, unless that has settled (AWAITED) or
// ended (JOINED). Returns whether the waiter is listed; then
// future_waiter_remove must follow.
bool future_waiter_add(FutureWaiter *waiter, AwaitGroup *group, Future *future,
                       unsigned flag);

// Takes the waiter off the list, if it is still there. After this no other
// thread uses the waiter or its group.
void future_waiter_remove(FutureWaiter *waiter);

#endif
