// What the files of the plain queue share.

#ifndef PLAIN_QUEUE_H
#define PLAIN_QUEUE_H

#include "base/names.h"

#include <pthread.h>

#include "base/list.h"
#include "queue.h"

#define queue_mutex common_queue_mutex
#define queue_line common_queue_line
#define queue_find_waiting common_queue_find_waiting
#define queue_leave_line common_queue_leave_line
#define queue_wait_in_line common_queue_wait_in_line
#define queue_put common_queue_put
#define queue_take common_queue_take
#define queue_do_one common_queue_do_one

struct Queue {
    size_t capacity, item_size;
    size_t first, stored;  // a ring: the oldest item is at `first`
    bool closed;
    char items[];
};

// A thread that waits until one of its cases can be done.
typedef struct Waiting {
    const QueueCase *cases;
    size_t count;
    size_t chosen;      // the case that was done
    WaitResult result;  // WAIT_TIMED_OUT until another thread did a case for us
    pthread_cond_t done;
    ListNode node;
} Waiting;

// One mutex guards all queues and the line, because a select looks at several
// queues at once. All calls below but the last need it.
extern pthread_mutex_t queue_mutex;
extern List queue_line;  // of Waiting: the first has waited longest

// The first in line that waits to send to the queue, or to receive from it, and
// the index of its case; or NULL.
Waiting *queue_find_waiting(const Queue *queue, bool sends, size_t *index);

// Tells a thread that waits which of its cases was done, and wakes it.
void queue_leave_line(Waiting *self, size_t chosen, WaitResult result);

// Waits until another thread has done one of the cases, or the deadline passes.
void queue_wait_in_line(Waiting *self, Deadline deadline);

// Sends or receives one item. The caller has seen that it can be done.
void queue_put(Queue *queue, const void *item);
void queue_take(Queue *queue, void *item);

// Does one of the cases, as queue_select does, or as queue_select_fair.
WaitResult queue_do_one(const QueueCase cases[], size_t count, bool fair,
                        size_t *chosen, Deadline deadline);

#endif
