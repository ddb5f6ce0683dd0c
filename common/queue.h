// A bounded blocking queue of items of one size, for any number of senders and
// receivers. Go's chan.
//
//     Queue *queue = queue_new(16, sizeof(Job));
//
//     // senders                      // receivers
//     queue_send(queue, &job);        Job job;
//                                     while (queue_receive(queue, &job))
//     // when no more will come:          run(&job);
//     queue_close(queue);
//
// Items come out in the order in which they went in, each to one receiver, and
// the thread that has waited longest is served first. A capacity of 0 makes a
// rendezvous channel: a send waits until a receiver has taken the item.
//
// Any thread may call these functions at any time, except queue_free.
//
// After fork: the child has a copy of the queue, with the items that were
// stored when the process forked, in their order. An item that another thread
// of the parent was just sending or receiving is in the copy, and whole, or it
// is not. The parent's threads do not wait for the copy. All calls work, and
// neither process notices what the other does with its queue.
//
// A second end: queue_free leaves NULL behind, and a call with NULL ends the
// process with a sentence. A call through another pointer to a freed queue is a
// use of freed memory, and is not noticed.
//
// In a signal handler: a try (queue_send_until or queue_receive_until with
// DEADLINE_NOW) may be made at any time, on 64-bit Linux. A try that has
// interrupted a call with the same queue may return WAIT_TIMED_OUT although
// there is room, or an item. No other call may be made.

#ifndef COMMON_QUEUE_H
#define COMMON_QUEUE_H

#include <stdbool.h>
#include <stddef.h>

#include "call_site.h"
#include "deadline.h"

COMMON_BEGIN_C

typedef struct Queue Queue;

// Makes a queue that stores up to `capacity` items of `item_size` bytes.
Queue *queue_new(size_t capacity, size_t item_size);

// Waits until there is room, or with capacity 0 a receiver, and hands over a
// copy of the item. Returns true when the item was stored or taken. Returns
// false when the queue is closed, before the call or while it waits: then the
// item was neither stored nor taken.
bool queue_send(Queue *queue, const void *item);

// Waits for the next item and copies it to *item. Returns false, and leaves
// *item as it is, when the queue is closed and all stored items are taken.
bool queue_receive(Queue *queue, void *item);

// The same until a deadline; DEADLINE_NOW tries and never waits. A call that
// need not wait succeeds even when the deadline has passed. A try always comes
// back: if another thread is stopped in the middle of a call, after some 0.2
// seconds, with WAIT_TIMED_OUT.
WaitResult queue_send_until(Queue *queue, const void *item, Deadline deadline);
WaitResult queue_receive_until(Queue *queue, void *item, Deadline deadline);

// Says that no more items will be sent. All threads that wait wake up: senders
// fail, and keep their items; receivers get the stored items, and then false.
// Closing again changes nothing. Returns whether this call closed the queue.
bool queue_close(Queue *queue);

// The number of items that are stored now, and at most. The size is out of date
// as soon as it is known, if other threads use the queue.
size_t queue_size(Queue *queue);
size_t queue_capacity(const Queue *queue);

// An operation that a select may do: to send or to receive one item.
typedef struct QueueCase {
    Queue *queue;      // NULL: this case is never ready
    const void *send;  // the item to send, or NULL to receive
    void *receive;     // where the received item goes, or NULL to send
} QueueCase;

// Waits until one of the cases is ready, does that case and no other, and sets
// *chosen to its index. When several cases are ready the first listed wins, as
// with port_select: so list first the case that must not wait, such as a queue
// that says stop. The cases are tried in their order, one after the other: a
// case that becomes ready after it was tried may be passed over.
//
//     QueueCase cases[] = {
//         { .queue = jobs, .receive = &job },
//         { .queue = results, .send = &result },
//     };
//     size_t chosen;
//     while (queue_select(cases, 2, &chosen) == WAIT_OK)
//         ...
//
// A case of a closed queue is ready too: a send at once, a receive when all
// stored items are taken. Then the call returns WAIT_CLOSED, and *chosen is the
// index of that case. Set its queue to NULL to go on with the other cases. When
// all queues are NULL the call returns WAIT_CLOSED at once and *chosen is
// `count`. Several cases may name the same queue.
WaitResult queue_select(QueueCase cases[], size_t count, size_t *chosen);

// The same until a deadline; DEADLINE_NOW tries and never waits. *chosen is
// left as it is with WAIT_TIMED_OUT.
WaitResult queue_select_until(QueueCase cases[], size_t count, size_t *chosen,
                              Deadline deadline);

// The same, but of several ready cases each is as likely as the others, so that
// a busy queue keeps no other case waiting for long (no starvation). Go's
// select.
WaitResult queue_select_fair(QueueCase cases[], size_t count, size_t *chosen,
                             Deadline deadline);

// Frees the queue and the items that are still stored, and sets *queue to NULL.
// No other thread may be using the queue: if a thread is still waiting for it,
// the process ends with a sentence about it. A received item does not mean that
// its sender's call has returned: join the sender first.
void queue_free(Queue **queue);

// The library's own files go without (call_site.h).
#ifndef IN_COMMON
#define queue_new(...)                                                         \
    COMMON_CALLED_FROM_HERE(queue_new, #__VA_ARGS__, __VA_ARGS__)
#define queue_send(...)                                                        \
    COMMON_CALLED_FROM_HERE(queue_send, #__VA_ARGS__, __VA_ARGS__)
#define queue_send_until(...)                                                  \
    COMMON_CALLED_FROM_HERE(queue_send_until, #__VA_ARGS__, __VA_ARGS__)
#define queue_receive(...)                                                     \
    COMMON_CALLED_FROM_HERE(queue_receive, #__VA_ARGS__, __VA_ARGS__)
#define queue_receive_until(...)                                               \
    COMMON_CALLED_FROM_HERE(queue_receive_until, #__VA_ARGS__, __VA_ARGS__)
#define queue_free(...)                                                        \
    COMMON_CALLED_FROM_HERE(queue_free, #__VA_ARGS__, __VA_ARGS__)
#define queue_select(...)                                                      \
    COMMON_CALLED_FROM_HERE(queue_select, #__VA_ARGS__, __VA_ARGS__)
#define queue_select_until(...)                                                \
    COMMON_CALLED_FROM_HERE(queue_select_until, #__VA_ARGS__, __VA_ARGS__)
#define queue_select_fair(...)                                                 \
    COMMON_CALLED_FROM_HERE(queue_select_fair, #__VA_ARGS__, __VA_ARGS__)
#define queue_close(...)                                                       \
    COMMON_CALLED_FROM_HERE(queue_close, #__VA_ARGS__, __VA_ARGS__)
#define queue_size(...)                                                        \
    COMMON_CALLED_FROM_HERE(queue_size, #__VA_ARGS__, __VA_ARGS__)
#define queue_capacity(...)                                                    \
    COMMON_CALLED_FROM_HERE(queue_capacity, #__VA_ARGS__, __VA_ARGS__)
#endif

COMMON_END_C

#endif
