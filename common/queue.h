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

#ifndef QUEUE_H
#define QUEUE_H

#include <stdbool.h>
#include <stddef.h>

#include "deadline.h"
#include "die.h"

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
WaitResult queue_send_by(Queue *queue, const void *item, Deadline deadline);
WaitResult queue_receive_by(Queue *queue, void *item, Deadline deadline);

// Says that no more will be sent. Everybody who waits wakes: senders fail, and
// keep their items; receivers get what is stored, and then false. Closing again
// changes nothing. Returns whether this call was the one that closed it.
bool queue_close(Queue *queue);

// How many items are stored now, and at most. The first is out of date as soon
// as it is known, if other threads use the queue.
size_t queue_size(Queue *queue);
size_t queue_capacity(const Queue *queue);

// Frees the queue, and what is still stored. No other thread may be using it:
// one that is still waiting ends the process with a word about it. That an item
// has come does not mean that its sender's call has returned; join the sender.
void queue_free(Queue *queue);

// The library's own files go without (die.h).
#ifndef IN_COMMON
#define queue_new(...) CALLED_FROM_HERE(queue_new(__VA_ARGS__))
#define queue_free(...) CALLED_FROM_HERE(queue_free(__VA_ARGS__))
#endif

#endif
