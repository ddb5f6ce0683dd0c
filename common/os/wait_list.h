// The threads that wait for one thing, in the order in which they came.
//
// A list belongs to the thing that is waited for, and is guarded by that
// thing's lock, as is every node on it. A thread adds a node that lives on its
// own stack, releases the lock, sleeps in its Waiter, and takes the lock again;
// only then may it look at `served`, and must remove the node, which may still
// be listed.

#ifndef WAIT_LIST_H
#define WAIT_LIST_H

#include "base/names.h"

#include "base/list.h"
#include "deadlock/deadlock.h"

typedef struct WaitNode {
    ListNode node;
    Waiter *waiter;  // the thread that sleeps
    void *what;      // what the thread waits with or for, as the list's owner
                     // has it: an item, an address
    bool listed;     // on the list
    bool served;     // taken off by a thread that gave what was waited for
    struct WaitChoice *choice;  // NULL: waits on this list only
} WaitNode;

// The nodes of a thread that waits on several lists, each with its own lock,
// share a choice: the first node that is claimed wins.
typedef struct WaitChoice {
    _Atomic(WaitNode *) claimed;  // this node; NULL: none yet
} WaitChoice;

typedef List WaitList;  // of WaitNodes; all zeros is an empty list

// The WaitNode of a node on such a list; NULL of NULL.
static inline WaitNode *wait_node(ListNode *node)
{
    return node ? LIST_OBJECT(node, WaitNode, node) : NULL;
}

// Waits at the end of the list until the thread is served or dismissed, or the
// deadline passes. Called and left with the lock that guards the list, which is
// released in between. `wait` says what for, in words. Returns whether the
// thread was served.
bool wait_list_wait(WaitList *list, Lock *lock, void *what, Deadline deadline,
                    const Wait *wait) REQUIRES(*lock);

// The steps of wait_list_wait, for a thread that waits on several lists at
// once.

// Adds the node at the end, not yet served.
void wait_list_add(WaitList *list, WaitNode *node, Waiter *waiter, void *what);

// Takes the node off, if it is still on the list.
void wait_list_remove(WaitList *list, WaitNode *node);

// The first node that may be served: a node with a choice is claimed by this,
// and must be served. A node of a choice that was claimed already is taken
// off. NULL if there is none.
WaitNode *wait_list_first(WaitList *list);

// Takes the node off, marks it served and wakes its thread.
void wait_list_serve(WaitList *list, WaitNode *node);

// Takes all nodes off and wakes their threads, which are not served. A node
// with a choice is claimed. A thundering herd is wanted here: the thing is
// closed.
void wait_list_dismiss(WaitList *list);

#endif
