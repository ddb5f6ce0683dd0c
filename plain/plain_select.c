// Selecting: a call has a list of cases, as in Go's select, and does one of
// them. All of a call happens under the mutex, so nothing comes between the
// look at the queues and the step that follows from it. The fast select tries
// its cases one after the other, because each queue has a lock of its own.
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

// Items that were stored before the close can still be received.
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

// The index of the first case that can be done, or `count`. The fair choice is
// any of them: the nth that is found replaces the choice so far with a chance
// of 1 in n (reservoir sampling). The random numbers are G. Marsaglia's
// xorshift, and the mutex guards their state.
static size_t choose(const QueueCase cases[], size_t count, bool fair)
{
    static uint32_t random = 1;
    size_t chosen = count, found = 0;
    for (size_t i = 0; i < count; i++) {
        if (!can_be_done(&cases[i]))
            continue;
        if (!fair)
            return i;
        random ^= random << 13;
        random ^= random >> 17;
        random ^= random << 5;
        if (random % ++found == 0)
            chosen = i;
    }
    return chosen;
}

// The linearization point of every send, receive and select is in here: the
// step of do_case, of this thread or of the thread that ends this one's wait.
WaitResult queue_do_one(const QueueCase cases[], size_t count, bool fair,
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
        return queue_do_one(cases, count, fair, chosen, deadline);
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
