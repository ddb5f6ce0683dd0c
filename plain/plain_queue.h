// What plain_queue.c (the queues) and plain_select.c (the calls) share.

#ifndef PLAIN_QUEUE_H
#define PLAIN_QUEUE_H

#include "base/names.h"

#include <pthread.h>

#include "base/list.h"
#include "queue.h"

#define queue_mutex common_queue_mutex
#define queue_line common_queue_line
#define queue_put common_queue_put
#define queue_take common_queue_take
#define queue_find_waiting common_queue_find_waiting
#define queue_wait_in_line common_queue_wait_in_line

struct Queue {
    size_t capacity, item_size;
    size_t first, stored;  // a ring: the oldest item is at `first`
    bool closed;
    char items[];
};

// A thread that waits. Each has a condition of its own, so a signal wakes the
// right one. With one condition for all, each change would have to wake all of
// them (broadcast), and all but one would go to sleep again: a thundering herd.
typedef struct Waiting {
    const QueueCase *cases;
    size_t count;
    size_t chosen;      // the case that was done
    WaitResult result;  // WAIT_TIMED_OUT until another thread did a case for us
    pthread_cond_t done;
    ListNode node;
} Waiting;

// One mutex guards all queues and the line: a select looks at several queues.
extern pthread_mutex_t queue_mutex;
extern List queue_line;  // of Waiting: the first has waited longest

// The first in line that waits to send to the queue, or to receive from it, and
// the index of its case; or NULL.
Waiting *queue_find_waiting(const Queue *queue, bool sends, size_t *index);

// Waits until another thread has done one of the cases, or the deadline passes.
void queue_wait_in_line(Waiting *self, Deadline deadline);

// Sends or receives one item. The caller has seen that it can be done.
void queue_put(Queue *queue, const void *item);
void queue_take(Queue *queue, void *item);

#endif
