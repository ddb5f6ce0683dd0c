// A bounded blocking MPMC queue. Read plain/plain_queue.c first; this does the
// same without a lock, because queue_ring.c claims cells by compare-and-swap.
// The lock is only for threads that must sleep, and for those that wake them
// (queue_internal.h). A wait is spin-then-park: first some looks, then a sleep.
#include "base/base.h"

#include "queue_internal.h"

Queue *queue_new(size_t capacity, size_t item_size)
{
    size_t cells = ring_cells_size(capacity, item_size);
    if (cells == 0 && capacity > 0 && item_size > 0)
        die("queue_new: %zu items of %zu bytes are too many", capacity,
            item_size);
    // A receive prefetches the line after its cell, so that is the queue's too.
    Queue *queue = must_calloc_aligned(sizeof *queue + cells + CACHE_LINE_PAIR);
    track(&queue->tracked, queue_explain_unfreed);
    ring_init(&queue->ring, capacity, item_size, cells ? queue + 1 : NULL);
    return queue;
}

void queue_free(Queue **queue)
{
    Queue *freed = queue ? *queue : NULL;
    must_exist(freed, "queue_free", QUEUE_IS_NULL);
    lock_acquire(&freed->lock);
    bool in_use = freed->senders.first || freed->receivers.first;
    lock_release(&freed->lock);
    if (in_use)
        die("queue_free: a thread still waits for this queue");
    untrack(&freed->tracked);
    free_aligned(freed);
    *queue = NULL;
}

// Waiting.

static SpinHabit *habit_of(const Operation *operation)
{
    return operation_sends(operation) ? &operation->queue->send_habit
                                      : &operation->queue->receive_habit;
}

// Everything that a thread sleeps with. A small item lies on the same cache
// line: the thread that serves the sleeper fetches no other line.
typedef struct Sleeper {
    alignas(CACHE_LINE) WaitNode node;
    Waiter waiter;
    char item[8];
} Sleeper;

// A sleeper that was taken off the list and woken has nothing more to do with
// the lock: the thread that served it did the operation.
static WaitResult sleep_on_list(const Operation *operation, Deadline deadline)
    RELEASES(operation->queue->lock)
{
    Queue *queue = operation->queue;
    bool sends = operation_sends(operation);
    Sleeper sleeper = { .waiter = { 0 } };
    operation_enlist(operation, &sleeper.node, &sleeper.waiter);
    bool is_small = queue->ring.item_size <= sizeof sleeper.item;
    if (is_small) {
        if (sends)
            ring_copy(&queue->ring, sleeper.item, operation->send);
        sleeper.node.what = sleeper.item;
    }
    lock_release(&queue->lock);

    // Where there are cells this thread has spun already.
    if (queue->ring.cells == NULL)
        waiter_spin(&sleeper.waiter, habit_of(operation), deadline);
    TRACED(wait_for(operation_words(operation), queue));
    Wait wait = { queue_explain_wait, &(CaseList){ operation, 1 } };
    bool taken = deadlock_sleep(&sleeper.waiter, deadline, &wait) ||
                 !operation_leave_list(operation, &sleeper.node);
    if (!sleeper.node.served)
        return taken ? WAIT_CLOSED : WAIT_TIMED_OUT;
    if (is_small && !sends)
        ring_copy(&queue->ring, operation->receive, sleeper.item);
    return WAIT_OK;
}

// For what the ring could not do at once: spins, and then takes the lock. A
// closed queue has no more items coming. A sender that came back for every
// single cell as soon as it is free would fight with the receiver over its
// cache line: with a large ring, which keeps the receiver busy, it is patient.
static WaitResult finish(const Operation *operation, RingResult tried,
                         Deadline deadline)
{
    Queue *queue = operation->queue;
    if (tried == RING_NOT_NOW && deadline_remaining_ns(deadline) > 0 &&
        !ring_is_closed(&queue->ring)) {
        Spin spin = spin_start(habit_of(operation));
        spin.patient = operation_sends(operation) && queue->ring.capacity >= 64;
        while (tried == RING_NOT_NOW && spin_once_until(&spin, deadline))
            tried = operation_try_ring(operation);
        spin_end(&spin);
    }
    if (tried == RING_DONE)
        return WAIT_OK;

    // A try comes back also if the lock's owner cannot go on: it has a lower
    // priority, or this is a signal handler that has interrupted it.
    if (deadline_remaining_ns(deadline) > 0)
        lock_acquire(&queue->lock);
    else if (!lock_try(&queue->lock))
        return WAIT_TIMED_OUT;
    WaitResult result;
    while ((result = operation_try(operation)) == WAIT_TIMED_OUT &&
           deadline_remaining_ns(deadline) > 0)
        if (operation_prepare_to_wait(operation))
            return sleep_on_list(operation, deadline);
    lock_release(&queue->lock);
    return result;
}

// The calls. As a rule the first four return from the ring, and are short for
// that. The address of an item of no size may be NULL, but a send has an
// address.

static inline WaitResult send(Queue *queue, const void *item, Deadline deadline,
                              const char *call)
{
    must_exist(queue, call, QUEUE_IS_NULL);
    RingResult tried = ring_send(&queue->ring, item);
    if (tried == RING_DONE)
        return WAIT_OK;
    Operation send = { .queue = queue, .send = item ? item : queue };
    return finish(&send, tried, deadline);
}

static inline WaitResult receive(Queue *queue, void *item, Deadline deadline,
                                 const char *call)
{
    must_exist(queue, call, QUEUE_IS_NULL);
    RingResult tried = ring_receive(&queue->ring, item);
    if (tried == RING_DONE)
        return WAIT_OK;
    Operation receive = { .queue = queue, .receive = item };
    return finish(&receive, tried, deadline);
}

WaitResult queue_send_until(Queue *queue, const void *item, Deadline deadline)
{
    return send(queue, item, deadline, "queue_send_until");
}

bool queue_send(Queue *queue, const void *item)
{
    return send(queue, item, DEADLINE_NEVER, "queue_send") == WAIT_OK;
}

WaitResult queue_receive_until(Queue *queue, void *item, Deadline deadline)
{
    return receive(queue, item, deadline, "queue_receive_until");
}

bool queue_receive(Queue *queue, void *item)
{
    return receive(queue, item, DEADLINE_NEVER, "queue_receive") == WAIT_OK;
}

bool queue_close(Queue *queue)
{
    must_exist(queue, "queue_close", QUEUE_IS_NULL);
    TRACED(close_queue(queue));
    lock_acquire(&queue->lock);
    bool first = ring_close(&queue->ring);
    wait_list_dismiss(&queue->senders);
    wait_list_dismiss(&queue->receivers);
    queue_lower_flags(queue);
    lock_release(&queue->lock);
    return first;
}

size_t queue_size(Queue *queue)
{
    must_exist(queue, "queue_size", QUEUE_IS_NULL);
    lock_acquire(&queue->lock);
    size_t stored =
        queue->ring.cells ? ring_stored(&queue->ring) : queue->tokens;
    lock_release(&queue->lock);
    return stored;
}

size_t queue_capacity(const Queue *queue)
{
    must_exist(queue, "queue_capacity", QUEUE_IS_NULL);
    return queue->ring.capacity;
}
