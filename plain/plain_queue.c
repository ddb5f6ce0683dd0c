// A bounded queue as a monitor (C. A. R. Hoare, 1974): data, a mutex that
// guards it, and conditions to wait on.
//
// The invariant: a thread waits only while it can neither send nor receive. The
// thread that changes this does the waiting thread's work, under the mutex, and
// then signals it. So the thread that has waited longest is served first.
#include "base/base.h"

#include "plain_queue.h"

#include "condition.h"

pthread_mutex_t queue_mutex = PTHREAD_MUTEX_INITIALIZER;
List queue_line;

Waiting *queue_find_waiting(const Queue *queue, bool sends, size_t *index)
{
    for (ListNode *node = queue_line.first; node; node = node->next) {
        Waiting *other = LIST_OBJECT(node, Waiting, node);
        for (*index = 0; *index < other->count; ++*index)
            if (other->cases[*index].queue == queue &&
                (other->cases[*index].send != NULL) == sends)
                return other;
    }
    return NULL;
}

static void leave_line(Waiting *self, size_t chosen, WaitResult result)
{
    list_remove(&queue_line, &self->node);
    self->chosen = chosen;
    self->result = result;
    must(pthread_cond_signal(&self->done));
}

// A predicate loop: the thread looks at its result after every wake-up. So a
// spurious wake-up does no harm. Nor does a signal that comes before the sleep,
// a lost wake-up: the mutex is held from the last look until the thread sleeps.
void queue_wait_in_line(Waiting *self, Deadline deadline)
{
    list_insert(&queue_line, &self->node, NULL);
    condition_init(&self->done);
    bool in_time = true;
    while (self->result == WAIT_TIMED_OUT && in_time)
        in_time = condition_wait(&self->done, &queue_mutex, deadline);
    if (self->result == WAIT_TIMED_OUT)
        leave_line(self, self->count, WAIT_TIMED_OUT);
    must(pthread_cond_destroy(&self->done));
}

static void store(Queue *queue, const void *item)
{
    size_t last = (queue->first + queue->stored++) % queue->capacity;
    memcpy(queue->items + last * queue->item_size, item, queue->item_size);
}

void queue_put(Queue *queue, const void *item)
{
    size_t i;
    Waiting *receiver = queue_find_waiting(queue, false, &i);
    if (receiver == NULL) {
        store(queue, item);
        return;
    }
    memcpy(receiver->cases[i].receive, item, queue->item_size);
    leave_line(receiver, i, WAIT_OK);
}

void queue_take(Queue *queue, void *item)
{
    size_t i;
    Waiting *sender = queue_find_waiting(queue, true, &i);
    if (queue->stored == 0) {  // a rendezvous: from hand to hand
        memcpy(item, sender->cases[i].send, queue->item_size);
    } else {
        memcpy(item, queue->items + queue->first * queue->item_size,
               queue->item_size);
        queue->first = (queue->first + 1) % queue->capacity;
        queue->stored--;
        if (sender)
            store(queue, sender->cases[i].send);
    }
    if (sender)
        leave_line(sender, i, WAIT_OK);
}

Queue *queue_new(size_t capacity, size_t item_size)
{
    size_t bytes;
    if (__builtin_mul_overflow(capacity, item_size, &bytes) ||
        bytes > PTRDIFF_MAX - sizeof(Queue))
        die("queue_new: %zu items of %zu bytes are too many", capacity,
            item_size);
    Queue *queue = must_calloc(1, sizeof *queue + bytes);
    queue->capacity = capacity;
    queue->item_size = item_size;
    return queue;
}

// All threads that wait for the queue are told, and not only the first.
bool queue_close(Queue *queue)
{
    Waiting *other;
    size_t i;
    must_exist(queue, "queue_close", QUEUE_IS_NULL);
    must(pthread_mutex_lock(&queue_mutex));
    bool first = !queue->closed;
    queue->closed = true;
    while ((other = queue_find_waiting(queue, true, &i)) != NULL ||
           (other = queue_find_waiting(queue, false, &i)) != NULL)
        leave_line(other, i, WAIT_CLOSED);
    must(pthread_mutex_unlock(&queue_mutex));
    return first;
}

void queue_free(Queue **queue)
{
    size_t i;
    Queue *freed = queue ? *queue : NULL;
    must_exist(freed, "queue_free", QUEUE_IS_NULL);
    must(pthread_mutex_lock(&queue_mutex));
    if (queue_find_waiting(freed, true, &i) ||
        queue_find_waiting(freed, false, &i))
        die("queue_free: a thread still waits for this queue");
    must(pthread_mutex_unlock(&queue_mutex));
    free(freed);
    *queue = NULL;
}
