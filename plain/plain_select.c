// The calls of queue.h. Each is a list of cases, as in Go's select, of which
// one is done; queue_send and queue_receive have a list of one case. All of a
// call happens under the mutex, so it is atomic and nothing comes in between
// the look at the queues and the step that follows from it. Read plain_queue.c
// first.
#include "base/base.h"

#include "plain_queue.h"

// The predicate of the monitor. A closed queue is ready: its answer is no.
static bool can_be_done(const QueueCase *one)
{
    size_t i;
    const Queue *queue = one->queue;
    if (queue == NULL || queue->closed)
        return queue != NULL;
    size_t left = one->send ? queue->capacity - queue->stored : queue->stored;
    return left > 0 || queue_find_waiting(queue, one->send == NULL, &i);
}

static WaitResult do_case(const QueueCase *one)
{
    if (one->queue->closed && (one->send || one->queue->stored == 0))
        return WAIT_CLOSED;
    if (one->send)
        queue_put(one->queue, one->send);
    else
        queue_take(one->queue, one->receive);
    return WAIT_OK;
}

// The first case that can be done; or a fair choice: the nth that is found
// takes the place of the one before with a chance of 1 in n (reservoir
// sampling).
static size_t choose(const QueueCase cases[], size_t count, bool fair)
{
    static uint32_t random = 1;  // G. Marsaglia's xorshift
    size_t chosen = count, found = 0;
    for (size_t i = 0; i < count && (fair || found == 0); i++) {
        if (!can_be_done(&cases[i]))
            continue;
        random ^= random << 13;
        random ^= random >> 17;
        random ^= random << 5;
        if (random % ++found == 0)
            chosen = i;
    }
    return chosen;
}

static WaitResult do_one(const QueueCase cases[], size_t count, bool fair,
                         size_t *chosen, Deadline deadline)
{
    must(pthread_mutex_lock(&queue_mutex));
    Waiting self = { .cases = cases, .count = count, .result = WAIT_TIMED_OUT };
    self.chosen = choose(cases, count, fair);
    if (self.chosen < count)
        self.result = do_case(&cases[self.chosen]);
    else
        queue_wait_in_line(&self, deadline);
    must(pthread_mutex_unlock(&queue_mutex));
    if (self.result != WAIT_TIMED_OUT)
        *chosen = self.chosen;
    return self.result;
}

static WaitResult select_one(const QueueCase cases[], size_t count, bool fair,
                             size_t *chosen, Deadline deadline)
{
    size_t queues = 0;
    for (size_t i = 0; i < count; i++) {
        queues += cases[i].queue != NULL;
        if (cases[i].queue &&
            (cases[i].send == NULL) == (cases[i].receive == NULL))
            die("queue_select: case %zu must either send or receive", i);
    }
    if (queues > 0)
        return do_one(cases, count, fair, chosen, deadline);
    *chosen = count;
    return WAIT_CLOSED;
}

WaitResult queue_select(QueueCase cases[], size_t count, size_t *chosen)
{
    return select_one(cases, count, false, chosen, DEADLINE_NEVER);
}

WaitResult queue_select_until(QueueCase cases[], size_t count, size_t *chosen,
                              Deadline deadline)
{
    return select_one(cases, count, false, chosen, deadline);
}

WaitResult queue_select_fair(QueueCase cases[], size_t count, size_t *chosen,
                             Deadline deadline)
{
    return select_one(cases, count, true, chosen, deadline);
}

// An item of no bytes may be NULL, but a case tells a send by its pointer.
static char no_bytes;

static WaitResult send(Queue *queue, const void *item, Deadline deadline,
                       const char *call)
{
    must_exist(queue, call, QUEUE_IS_NULL);
    QueueCase one = { .queue = queue, .send = item ? item : &no_bytes };
    return do_one(&one, 1, false, &(size_t){ 0 }, deadline);
}

static WaitResult receive(Queue *queue, void *item, Deadline deadline,
                          const char *call)
{
    must_exist(queue, call, QUEUE_IS_NULL);
    QueueCase one = { .queue = queue, .receive = item ? item : &no_bytes };
    return do_one(&one, 1, false, &(size_t){ 0 }, deadline);
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

size_t queue_size(Queue *queue)
{
    must_exist(queue, "queue_size", QUEUE_IS_NULL);
    must(pthread_mutex_lock(&queue_mutex));
    size_t stored = queue->stored;
    must(pthread_mutex_unlock(&queue_mutex));
    return stored;
}

size_t queue_capacity(const Queue *queue)
{
    must_exist(queue, "queue_capacity", QUEUE_IS_NULL);
    return queue->capacity;
}
