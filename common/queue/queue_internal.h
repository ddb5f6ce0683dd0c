// The inside of a queue, for queue.c (one queue), queue_select.c (several) and
// queue_operation.c (what both do).

#ifndef QUEUE_INTERNAL_H
#define QUEUE_INTERNAL_H

#include "base/names.h"

#include "deadlock/deadlock.h"
#include "os/spin.h"
#include "os/wait_list.h"
#include "queue.h"
#include "queue_ring.h"

// Items go through the ring, and no lock is taken, as long as nobody sleeps. A
// sender goes to sleep only while the ring is full, and a receiver only while
// it is empty. It raises the flag that makes the other side ask, looks once
// more, and then is on the list; and whoever asks finds it there, under the
// lock, and serves it on the spot: the item is copied to or from the sleeper's
// own stack. So as long as a sender sleeps the ring is full, as long as a
// receiver does it is empty, and nobody can push in.
//
// Without a capacity, or when items have no size, there is no ring: everybody
// asks, and `tokens` counts the items that are stored.
struct Queue {
    Ring ring;
    Tracked tracked;  // until it is freed
    SpinHabit send_habit, receive_habit;

    // On one cache line: without a ring that is what goes to and fro.
    alignas(CACHE_LINE_PAIR) Lock lock;   // guards the ring's flags too
    WaitList senders GUARDED_BY(lock);    // their `what` is the item
    WaitList receivers GUARDED_BY(lock);  // their `what` is where the item goes
    size_t tokens GUARDED_BY(lock);
};

// One send or one receive.
typedef struct Operation {
    Queue *queue;
    const void *sent;  // the item, of a send
    void *received;    // where it goes, of a receive
    bool sends;
} Operation;

// Without a lock, and perhaps not yet when it could be done.
RingResult operation_try_ring(const Operation *operation);

// Does it, if it can be done now. WAIT_TIMED_OUT: it cannot.
WaitResult operation_try(const Operation *operation)
    REQUIRES(operation->queue->lock);

// Makes the other side ask for us, and says whether the operation still cannot
// be done. Then the caller goes on the list; otherwise it must call
// operation_clear_flag.
bool operation_prepare_to_wait(const Operation *operation)
    REQUIRES(operation->queue->lock);
WaitList *operation_list(const Operation *operation)
    REQUIRES(operation->queue->lock);

// "for room in the queue of main.c:12"
void operation_explain(const Operation *operation, Report *report);

// A node's `what`.
void *operation_item(const Operation *operation);

// To be called when a node was taken off the list, or none put there: the other
// side need not ask when the list is empty.
void operation_clear_flag(const Operation *operation)
    REQUIRES(operation->queue->lock);

// A select from several queues.
typedef struct Select {
    const QueueCase *cases;
    size_t count;
    size_t *turns;  // turns[i] is the case to be looked at as the ith
    size_t chosen;  // which was done, or found to be closed
} Select;

static inline bool select_has(const Select *select, size_t i)
{
    return select->cases[i].queue != NULL;
}

static inline Operation select_operation(const Select *select, size_t i)
{
    const QueueCase *one = &select->cases[i];
    return (Operation){ .queue = one->queue,
                        .sent = one->send,
                        .received = one->receive,
                        .sends = one->send != NULL };
}

// Sleeps, if need be, until one of the cases can be done.
WaitResult select_wait(Select *select, Deadline deadline);

#endif
