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
// whoever has waited longest is served first. A capacity of 0 is a rendezvous:
// a send waits until a receiver has taken the item.
//
// Any thread may call any of these at any time, but for queue_free.

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
// copy of the item. Returns true when it was stored or taken, and false when
// the queue is closed, before or while we wait: then it was neither.
bool queue_send(Queue *queue, const void *item);

// Waits for the next item and copies it to *item. Returns false, and leaves
// *item as it is, when the queue is closed and all that was stored is taken.
bool queue_receive(Queue *queue, void *item);

// The same until a deadline; DEADLINE_NOW tries and never waits. What can be
// done at once is done even when the deadline has passed.
WaitResult queue_send_until(Queue *queue, const void *item, Deadline deadline);
WaitResult queue_receive_until(Queue *queue, void *item, Deadline deadline);

// Says that no more will be sent. Everybody who waits wakes: senders fail, and
// keep their items; receivers get what is stored, and then false. Closing again
// changes nothing. Returns whether this call was the one that closed it.
bool queue_close(Queue *queue);

// How many items are stored now, and at most. The first is out of date as soon
// as it is known, if other threads use the queue.
size_t queue_size(Queue *queue);
size_t queue_capacity(const Queue *queue);

// One thing that a select may do: to send or to receive one item.
typedef struct QueueCase {
    Queue *queue;      // NULL: this case is never ready
    const void *send;  // the item to send, or NULL to receive
    void *receive;     // where the received item goes, or NULL to send
} QueueCase;

// Waits until one of the cases can be done, does that one and no other, and
// sets *chosen to its index. When several can be done the first listed wins, as
// with port_select: so list first what must not wait, as a queue that says
// stop.
//
//     QueueCase cases[] = {
//         { .queue = jobs, .receive = &job },
//         { .queue = results, .send = &result },
//     };
//     size_t chosen;
//     while (queue_select(cases, 2, &chosen) == WAIT_OK)
//         ...
//
// A closed queue is ready too, to receive from when all that was stored is
// taken: then WAIT_CLOSED is returned, and *chosen says which case it was. Set
// its queue to NULL to go on with the others. When all are NULL it returns
// WAIT_CLOSED at once and *chosen is `count`. Cases may name the same queue.
WaitResult queue_select(QueueCase cases[], size_t count, size_t *chosen);

// The same until a deadline; DEADLINE_NOW tries and never waits. *chosen is
// left as it is with WAIT_TIMED_OUT.
WaitResult queue_select_until(QueueCase cases[], size_t count, size_t *chosen,
                              Deadline deadline);

// The same, but of several that can be done each is as likely as the others, so
// that a busy queue keeps none of them waiting for long. Go's select.
WaitResult queue_select_fair(QueueCase cases[], size_t count, size_t *chosen,
                             Deadline deadline);

// Frees the queue, and what is still stored. No other thread may be using it:
// one that is still waiting ends the process with a word about it. That an item
// has come does not mean that its sender's call has returned; join the sender.
// Leaves NULL behind: a call with that ends the process with a word about it.
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
