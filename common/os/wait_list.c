#include "base/base.h"

#include "wait_list.h"

void wait_list_add(WaitList *list, WaitNode *node, Waiter *waiter, void *what)
{
    *node = (WaitNode){ .waiter = waiter, .what = what, .listed = true };
    list_insert(list, &node->node, NULL);
}

static void unlink_node(WaitList *list, WaitNode *node)
{
    list_remove(list, &node->node);
    node->listed = false;
}

void wait_list_remove(WaitList *list, WaitNode *node)
{
    if (node->listed)
        unlink_node(list, node);
}

// Relaxed: all but the claim itself is ordered by the lists' locks.
static bool claim(WaitNode *node)
{
    WaitNode *nobody = NULL;
    return node->choice == NULL ||
           atomic_compare_exchange_strong_explicit(&node->choice->claimed,
                                                   &nobody, node,
                                                   memory_order_relaxed,
                                                   memory_order_relaxed);
}

WaitNode *wait_list_first(WaitList *list)
{
    WaitNode *node;
    while ((node = wait_node(list->first)) != NULL && !claim(node))
        unlink_node(list, node);
    return node;
}

void wait_list_serve(WaitList *list, WaitNode *node)
{
    unlink_node(list, node);
    node->served = true;
    waiter_wake(node->waiter);
}

void wait_list_dismiss(WaitList *list)
{
    WaitNode *node;
    while ((node = wait_list_first(list)) != NULL) {
        unlink_node(list, node);
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

    // Whoever woke us did so under this lock, and is done with the waiter.
    lock_acquire(lock);
    wait_list_remove(list, &node);
    return node.served;
}
