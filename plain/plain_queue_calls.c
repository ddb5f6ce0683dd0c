// The calls of queue.h with one queue. To send or to receive is to select from
// a list of one case. So the mutex is taken in one place, queue_do_one. The
// fast queue does the reverse: send and receive have a path of their own, with
// no lock, while no thread waits.
#include "base/base.h"

#include "plain_queue.h"

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

// An item of no bytes may be NULL, but a case tells a send by its pointer.
static char no_bytes;

static WaitResult send(Queue *queue, const void *item, Deadline deadline,
                       const char *call)
{
    must_exist(queue, call, QUEUE_IS_NULL);
    QueueCase one = { .queue = queue, .send = item ? item : &no_bytes };
    return queue_do_one(&one, 1, false, &(size_t){ 0 }, deadline);
}

static WaitResult receive(Queue *queue, void *item, Deadline deadline,
                          const char *call)
{
    must_exist(queue, call, QUEUE_IS_NULL);
    QueueCase one = { .queue = queue, .receive = item ? item : &no_bytes };
    return queue_do_one(&one, 1, false, &(size_t){ 0 }, deadline);
}

WaitResult queue_send_until(Queue *queue, const void *item, Deadline deadline)
{
    return send(queue, item, deadline, "queue_send_until");
}

WaitResult queue_receive_until(Queue *queue, void *item, Deadline deadline)
{
    return receive(queue, item, deadline, "queue_receive_until");
}

bool queue_send(Queue *queue, const void *item)
{
    return send(queue, item, DEADLINE_NEVER, "queue_send") == WAIT_OK;
}

bool queue_receive(Queue *queue, void *item)
{
    return receive(queue, item, DEADLINE_NEVER, "queue_receive") == WAIT_OK;
}

static Waiting *find_any(const Queue *queue, size_t *index)
{
    Waiting *sender = queue_find_waiting(queue, true, index);
    return sender ? sender : queue_find_waiting(queue, false, index);
}

// All threads that wait for the queue are woken, and not only the first of
// them: the close concerns each of them.
bool queue_close(Queue *queue)
{
    size_t i;
    must_exist(queue, "queue_close", QUEUE_IS_NULL);
    must(pthread_mutex_lock(&queue_mutex));
    bool first = !queue->closed;
    queue->closed = true;
    for (Waiting *other; (other = find_any(queue, &i)) != NULL;)
        queue_leave_line(other, i, WAIT_CLOSED);
    must(pthread_mutex_unlock(&queue_mutex));
    return first;
}

// The number is out of date as soon as the mutex is released. Read without the
// mutex it would be a data race, too.
size_t queue_size(Queue *queue)
{
    must_exist(queue, "queue_size", QUEUE_IS_NULL);
    must(pthread_mutex_lock(&queue_mutex));
    size_t stored = queue->stored;
    must(pthread_mutex_unlock(&queue_mutex));
    return stored;
}

// No mutex: a field that never changes may be read by all threads.
size_t queue_capacity(const Queue *queue)
{
    must_exist(queue, "queue_capacity", QUEUE_IS_NULL);
    return queue->capacity;
}

void queue_free(Queue **queue)
{
    size_t i;
    Queue *freed = queue ? *queue : NULL;
    must_exist(freed, "queue_free", QUEUE_IS_NULL);
    must(pthread_mutex_lock(&queue_mutex));
    if (find_any(freed, &i))
        die("queue_free: a thread still waits for this queue");
    must(pthread_mutex_unlock(&queue_mutex));
    free(freed);
    *queue = NULL;
}
