// The sleeping threads of one thing, guarded by its lock: the first is the one
// that came first. No wake-up is lost, because a node is listed before the lock
// is released. The waker takes the node off and wakes the thread under that
// lock, and the thread takes the lock before its node and Waiter go out of
// scope.
#include "base/base.h"

#include "wait_list.h"

void wait_list_add(WaitList *list, WaitNode *node, Waiter *waiter, void *what)
{
    *node = (WaitNode){ .waiter = waiter, .what = what, .listed = true };
    list_append(list, &node->node);
}

void wait_list_remove(WaitList *list, WaitNode *node)
{
    if (node->listed)
        list_remove(list, &node->node);
    node->listed = false;
}

// A thread that waits on several lists is served by one of them: a
// compare-and-swap on `claimed` decides. Relaxed: everything but the claim
// itself is ordered by the lists' locks.
static bool claim(WaitNode *node)
{
    WaitNode *none = NULL;
    return node->choice == NULL ||
           atomic_compare_exchange_strong_explicit(&node->choice->claimed,
                                                   &none, node,
                                                   memory_order_relaxed,
                                                   memory_order_relaxed);
}

WaitNode *wait_list_first(WaitList *list)
{
    WaitNode *node;
    while ((node = wait_node(list->first)) != NULL && !claim(node))
        wait_list_remove(list, node);
    return node;
}

// `served` is guarded by the lock; the wake-up itself is a release.
void wait_list_serve(WaitList *list, WaitNode *node)
{
    wait_list_remove(list, node);
    node->served = true;
    waiter_wake(node->waiter);
}

void wait_list_dismiss(WaitList *list)
{
    WaitNode *node;
    while ((node = wait_list_first(list)) != NULL) {
        wait_list_remove(list, node);
        waiter_wake(node->waiter);
    }
}

bool wait_list_wait(WaitList *list, Lock *lock, void *what, Deadline deadline,
                    const Wait *wait)
{
    WaitNode node;
    Waiter waiter = { 0 };
    wait_list_add(list, &node, &waiter, what);
    lock_release(lock);

    deadlock_sleep(&waiter, deadline, wait);

    // The waker held this lock, so it no longer uses the waiter after this.
    lock_acquire(lock);
    wait_list_remove(list, &node);
    return node.served;
}
