#include "base/base.h"

#include "future_waiters.h"

// The lists' locks. Few futures have somebody on their list at a time, so they
// share some locks, by their addresses.
enum { LOCKS = 16 };

static Lock locks[LOCKS];

// Clang does not count locks in an array.
static void lock_all(void) LOCKS_UNCHECKED
{
    for (int i = 0; i < LOCKS; i++)
        lock_acquire(&locks[i]);
}

static void unlock_all(void) LOCKS_UNCHECKED
{
    for (int i = 0; i < LOCKS; i++)
        lock_release(&locks[i]);
}

static void prepare_for_fork(void)
{
    // A child process has none of the threads that could hold one.
    must(pthread_atfork(lock_all, unlock_all, unlock_all));
}

static Lock *lock_of(const Future *future)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    must(pthread_once(&once, prepare_for_fork));
    return &locks[((uintptr_t)future >> 6) % LOCKS];
}

// AwaitGroup.

Future *await_group_decisive(AwaitGroup *group)
{
    return atomic_load_explicit(&group->decisive, memory_order_acquire);
}

bool await_group_is_complete(AwaitGroup *group)
{
    return await_group_decisive(group) != NULL ||
           atomic_load_explicit(&group->pending, memory_order_acquire) == 0;
}

bool await_group_would_decide(const AwaitGroup *group, const Future *future)
{
    return (future->value.type == VALUE_ERROR) != group->any;
}

void await_group_decide(AwaitGroup *group, Future *future)
{
    Future *none = NULL;
    if (await_group_would_decide(group, future))
        atomic_compare_exchange_strong_explicit(&group->decisive, &none, future,
                                                memory_order_acq_rel,
                                                memory_order_acquire);
}

// Acquire and release: who finds the group complete sees the values of all
// that were counted.
void await_group_count_down(AwaitGroup *group, size_t settled)
{
    atomic_fetch_sub_explicit(&group->pending, settled, memory_order_acq_rel);
    if (await_group_is_complete(group))
        waiter_wake(&group->waiter);
}

// The list.

static void list(FutureWaiter *waiter) REQUIRES(*lock_of(waiter->future))
{
    list_insert(&waiter->future->waiters, &waiter->node, NULL);
    waiter->listed = true;
}

static void unlist(FutureWaiter *waiter) REQUIRES(*lock_of(waiter->future))
{
    list_remove(&waiter->future->waiters, &waiter->node);
    waiter->listed = false;
}

// Clang does not know that each waiter on the list is for this future.
static void tell_all(Future *future, unsigned flag)
    REQUIRES(*lock_of(future)) LOCKS_UNCHECKED
{
    ListNode *next;
    for (ListNode *node = future->waiters.first; node; node = next) {
        FutureWaiter *waiter = LIST_OBJECT(node, FutureWaiter, node);
        next = node->next;
        if (waiter->flag == flag) {
            unlist(waiter);
            await_group_decide(waiter->group, future);
            await_group_count_down(waiter->group, 1);
        }
    }
}

void future_tell(Future *future, unsigned flag)
{
    Lock *lock = lock_of(future);
    lock_acquire(lock);
    tell_all(future, flag);
    lock_release(lock);
}

// A thread that settles or ends the future after this change of the state sees
// the flag and then waits for the lock, so it finds the waiter on the list.
bool future_waiter_add(FutureWaiter *waiter)
{
    unsigned flag = waiter->flag;
    Lock *lock = lock_of(waiter->future);
    lock_acquire(lock);
    unsigned before = atomic_fetch_or_explicit(&waiter->future->state, flag,
                                               memory_order_acq_rel);
    bool wait = flag == JOINED ? before >= RUNNER : !(before & SETTLED);
    if (wait)
        list(waiter);
    lock_release(lock);
    return wait;
}

void future_waiter_remove(FutureWaiter *waiter)
{
    Lock *lock = lock_of(waiter->future);
    lock_acquire(lock);
    if (waiter->listed)
        unlist(waiter);
    lock_release(lock);
}
