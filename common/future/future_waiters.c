// The waiters of futures: lists under locks, for threads that are about to
// sleep. Lock striping: futures share a few locks by their addresses, because
// few futures have a waiter at a time, and a lock in each would cost memory.
#include "base/base.h"

#include "future_waiters.h"

enum { LOCKS = 16 };

static Lock locks[LOCKS];

static Lock *lock_of(const Future *future)
{
    return &locks[((uintptr_t)future >> 6) % LOCKS];
}

// In a child of fork no thread has a lock, and no list of the parent's is ever
// followed: the waiters on it are on stacks of threads that are not there.
void future_waiters_in_child(void) LOCKS_UNCHECKED
{
    memset(locks, 0, sizeof locks);
}

// Acquire and release: the thread that finds the group complete sees the values
// of all futures that were counted.
void await_group_note(AwaitGroup *group, Future *future)
{
    Future *none = NULL;
    if (await_group_would_decide(group, future))
        atomic_compare_exchange_strong_explicit(&group->decisive, &none, future,
                                                memory_order_acq_rel,
                                                memory_order_acquire);
    atomic_fetch_sub_explicit(&group->pending, 1, memory_order_acq_rel);
    if (await_group_is_complete(group))
        waiter_wake(&group->waiter);
}

// Clang does not know that each waiter on the list is for this future.
static void tell_all(Future *future, unsigned flag)
    REQUIRES(*lock_of(future)) LOCKS_UNCHECKED
{
    FutureWaiter **link = &future->waiters;
    while (*link) {
        FutureWaiter *waiter = *link;
        if (waiter->flag == flag) {
            *link = waiter->next;
            await_group_note(waiter->group, future);
        } else {
            link = &waiter->next;
        }
    }
}

void future_tell(Future *future, unsigned flag)
{
    if (future_is_parents(future))
        return;
    Lock *lock = lock_of(future);
    lock_acquire(lock);
    tell_all(future, flag);
    lock_release(lock);
}

static void list_waiter(FutureWaiter *waiter) REQUIRES(*lock_of(waiter->future))
{
    waiter->next = waiter->future->waiters;
    waiter->future->waiters = waiter;
}

// A thread that settles or ends the future after this change of the state sees
// the flag and then waits for the lock, so it finds the waiter on the list.
bool future_waiter_add(FutureWaiter *waiter, AwaitGroup *group, Future *future,
                       unsigned flag)
{
    *waiter = (FutureWaiter){ .group = group, .future = future, .flag = flag };
    Lock *lock = lock_of(waiter->future);
    lock_acquire(lock);
    unsigned before =
        atomic_fetch_or_explicit(&future->state, flag, memory_order_acq_rel);
    bool wait = flag == JOINED ? before >= RUNNER : !(before & SETTLED);
    if (wait)
        list_waiter(waiter);
    lock_release(lock);
    return wait;
}

// A waiter that was told is not on the list any more.
void future_waiter_remove(FutureWaiter *waiter)
{
    Lock *lock = lock_of(waiter->future);
    lock_acquire(lock);
    FutureWaiter **link = &waiter->future->waiters;
    while (*link && *link != waiter)
        link = &(*link)->next;
    if (*link)
        *link = waiter->next;
    lock_release(lock);
}
