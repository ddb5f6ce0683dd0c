// The inside of a queue, for the files of this room: queue.c (one queue),
// queue_select.c (several), queue_operation.c (what both do with the lock) and
// queue_report.c (what a report says of a queue).

#ifndef QUEUE_INTERNAL_H
#define QUEUE_INTERNAL_H

#include "base/names.h"

#include "deadlock/deadlock.h"
#include "os/spin.h"
#include "os/wait_list.h"
#include "queue.h"
#include "queue_ring.h"

// As long as no thread sleeps, items go through the ring and no thread takes
// the lock. A sender sleeps only while the ring is full, and a receiver only
// while the ring is empty.
//
// Going to sleep without a lost wake-up, all under the lock:
// 1. The thread raises the flag that blocks the other side (queue_ring.h).
// 2. The thread looks at the ring once more.
// 3. The thread adds its node to the list, and releases the lock.
//
// A thread of the other side that meets the flag takes the lock, finds the node
// and serves it on the spot: it copies the item to or from the sleeper's own
// stack. Each item wakes one sleeper, so there is no thundering herd. As long
// as a sender sleeps the ring is full, as long as a receiver sleeps the ring is
// empty: so no later thread can overtake a sleeper.
//
// Without a capacity (a rendezvous channel), or when items have no size, there
// are no cells: every operation takes the lock, and `tokens` counts the items
// that are stored.
struct Queue {
    Ring ring;
    Tracked tracked;  // until the queue is freed
    SpinHabit send_habit, receive_habit;

    // Without cells only this cache line goes to and fro.
    alignas(CACHE_LINE_PAIR) Lock lock;   // guards the ring's flags too
    WaitList senders GUARDED_BY(lock);    // their `what` is the item
    WaitList receivers GUARDED_BY(lock);  // their `what` is where the item goes
    size_t tokens GUARDED_BY(lock);
};

// One send or one receive. Its queue is not NULL.
typedef QueueCase Operation;

static inline bool operation_sends(const Operation *operation)
{
    return operation->send != NULL;
}

// Tries without the lock, and may fail although the operation is possible.
static inline RingResult operation_try_ring(const Operation *operation)
{
    Ring *ring = &operation->queue->ring;
    return operation_sends(operation) ? ring_send(ring, operation->send)
                                      : ring_receive(ring, operation->receive);
}

// Does the operation if that is possible now. WAIT_TIMED_OUT: it is not. Then,
// and after success, no flag of the queue is up that no sleeper needs.
WaitResult operation_try(const Operation *operation)
    REQUIRES(operation->queue->lock);

// Tries the ring, and with the lock only if a flag is up. A receive that finds
// the ring empty then looks whether the queue is closed. While a thread spins
// it need not: that would only take a cache line away from the senders, and a
// queue that is closed meanwhile is found later.
WaitResult operation_try_once(const Operation *operation, bool spinning);

// Raises the flag that blocks the other side, and returns whether the operation
// is still impossible. Then the caller may add itself to the list; otherwise
// the caller tries again.
bool operation_prepare_to_wait(const Operation *operation)
    REQUIRES(operation->queue->lock);

// Adds the node to the list of those that wait for such an operation.
void operation_enlist(const Operation *operation, WaitNode *node,
                      Waiter *waiter) REQUIRES(operation->queue->lock);

// Takes the lock, and the node off the list. Returns whether the node was still
// listed: then no thread has served or dismissed it.
bool operation_leave_list(const Operation *operation, WaitNode *node);

// Lowers each flag that no sleeper needs. A thread that may have raised a flag,
// or taken a node off, calls this or operation_try before it releases the lock.
void queue_lower_flags(Queue *queue) REQUIRES(queue->lock);

// A thread waits for one of these cases. Those without a queue do not count.
typedef struct CaseList {
    const QueueCase *cases;
    size_t count;
} CaseList;

// For the deadlock report. A Wait's `what` is a CaseList.
void queue_explain_wait(const Wait *wait, Report *report);
void queue_explain_unfreed(const Tracked *tracked, Report *report);

// "for room in"; the queue follows.
const char *operation_words(const Operation *operation);

#endif
