// A bounded queue as a monitor (C. A. R. Hoare, 1974): data, a mutex that
// guards it, and conditions to wait on.
//
// The invariant: a thread waits only while it can neither send nor receive. The
// thread that changes this does the waiting thread's work, under the mutex, and
// then signals it. So the thread that has waited longest is served first, and
// no other thread takes its item or its place.
#include "base/base.h"

#include "plain_queue.h"

#include "condition.h"

pthread_mutex_t queue_mutex = PTHREAD_MUTEX_INITIALIZER;
List queue_line;

Waiting *queue_find_waiting(const Queue *queue, bool sends, size_t *index)
{
    for (ListNode *node = queue_line.first; node; node = node->next) {
        Waiting *other = LIST_OBJECT(node, Waiting, node);
        for (size_t i = 0; i < other->count; i++) {
            const QueueCase *one = &other->cases[i];
            if (one->queue == queue && (one->send != NULL) == sends) {
                *index = i;
                return other;
            }
        }
    }
    return NULL;
}

// Each thread waits on a condition of its own, so that a signal wakes the right
// thread. With one condition for all of them, each change would have to wake
// all (broadcast), and all but one would sleep again: a thundering herd.
void queue_leave_line(Waiting *self, size_t chosen, WaitResult result)
{
    list_remove(&queue_line, &self->node);
    self->chosen = chosen;
    self->result = result;
    must(pthread_cond_signal(&self->done));
}

// A predicate loop: the thread looks at its result after every wake-up, because
// pthread_cond_wait may return without a signal (a spurious wake-up).
//
// No wake-up is lost. The mutex is held from the look until the thread sleeps,
// and the other side needs it to signal.
void queue_wait_in_line(Waiting *self, Deadline deadline)
{
    bool in_time = true;
    condition_init(&self->done);
    list_append(&queue_line, &self->node);
    while (self->result == WAIT_TIMED_OUT && in_time)
        in_time = condition_wait(&self->done, &queue_mutex, deadline);
    if (self->result == WAIT_TIMED_OUT)
        queue_leave_line(self, self->count, WAIT_TIMED_OUT);
    must(pthread_cond_destroy(&self->done));
}

static void store(Queue *queue, const void *item)
{
    size_t last = (queue->first + queue->stored++) % queue->capacity;
    memcpy(queue->items + last * queue->item_size, item, queue->item_size);
}

// A receiver waits only while the queue is empty: so it may get the item at
// once.
void queue_put(Queue *queue, const void *item)
{
    size_t i;
    Waiting *receiver = queue_find_waiting(queue, false, &i);
    if (receiver == NULL) {
        store(queue, item);
        return;
    }
    memcpy(receiver->cases[i].receive, item, queue->item_size);
    queue_leave_line(receiver, i, WAIT_OK);
}

// A sender waits only while the queue is full: its item follows into the place
// that is free now. With capacity 0, a rendezvous, there is no place, and the
// item goes from hand to hand.
void queue_take(Queue *queue, void *item)
{
    size_t i = 0;
    Waiting *sender = queue_find_waiting(queue, true, &i);
    const void *sent = sender ? sender->cases[i].send : NULL;
    if (queue->stored > 0) {
        memcpy(item, queue->items + queue->first * queue->item_size,
               queue->item_size);
        queue->first = (queue->first + 1) % queue->capacity;
        queue->stored--;
        if (sender)
            store(queue, sent);
    } else if (sender) {
        memcpy(item, sent, queue->item_size);
    }
    if (sender)
        queue_leave_line(sender, i, WAIT_OK);
}
