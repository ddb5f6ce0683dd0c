#include "base/base.h"

#include "queue.h"

#include "queue_internal.h"

static void explain_unfreed(const Tracked *tracked, Report *report)
{
    Queue *queue = (Queue *)((const char *)tracked - offsetof(Queue, tracked));
    report_paragraph(report, 4);
    report_say(report, "The queue that was made at ");
    report_place(report, tracked->place);
    report_say(report, " was never freed.");
    size_t stored = queue->ring.cells ? ring_stored(&queue->ring) : 0;
    if (stored == 0)
        return;
    report_say(report, " Never received: ");
    report_count(report, stored, "item");
    report_say(report, ".");
}

Queue *queue_new(size_t capacity, size_t item_size)
{
    bool has_cells = capacity > 0 && item_size > 0;
    size_t cells = ring_cells_size(capacity, item_size);
    if (has_cells && cells == 0)
        die("queue_new: %zu items of %zu bytes are too many", capacity,
            item_size);
    if (!has_cells)
        cells = 0;
    // The line behind the cells is fetched with them: it is the queue's too.
    Queue *queue = must_calloc_aligned(sizeof *queue + cells + CACHE_LINE_PAIR);
    track(&queue->tracked, explain_unfreed);
    ring_init(&queue->ring, capacity, item_size,
              has_cells ? (char *)(queue + 1) : NULL);
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
    return operation->sends ? &operation->queue->send_habit
                            : &operation->queue->receive_habit;
}

// What a thread sleeps with, on one cache line, like its item if that is small:
// whoever serves it fetches no other.
typedef struct Sleeper {
    alignas(CACHE_LINE) WaitNode node;
    Waiter waiter;
    char item[8];
} Sleeper;

static bool is_small(const Operation *operation)
{
    size_t size = operation->queue->ring.item_size;
    return size > 0 && size <= sizeof((Sleeper *)NULL)->item;
}

static void enlist(const Operation *operation, Sleeper *sleeper)
    REQUIRES(operation->queue->lock)
{
    void *what = operation_item(operation);
    sleeper->waiter = (Waiter){ 0 };
    if (is_small(operation)) {
        if (operation->sends)
            ring_copy(&operation->queue->ring, sleeper->item, what);
        what = sleeper->item;
    }
    wait_list_add(operation_list(operation), &sleeper->node, &sleeper->waiter,
                  what);
}

// What a sleeper waits for.
typedef struct QueueWait {
    Wait wait;
    const Operation *operation;
} QueueWait;

static void explain_queue(const Wait *wait, Report *report)
{
    const Operation *operation = ((const QueueWait *)wait)->operation;
    operation_explain(operation, report);
    report_say(report, ".");
}

// Returns whether somebody took us off the list.
static bool sleep_until_taken(const Operation *operation, Sleeper *sleeper,
                              Deadline deadline)
{
    Queue *queue = operation->queue;
    QueueWait wait = { { explain_queue, NULL }, operation };
    // Where there is a ring we have spun already.
    if (queue->ring.cells == NULL)
        waiter_spin(&sleeper->waiter, habit_of(operation), deadline);
    TRACED(
        wait_for(operation->sends ? "for room in" : "for an item in", queue));
    if (deadlock_sleep(&sleeper->waiter, deadline, &wait.wait))
        return true;  // and nobody touches the sleeper any more
    lock_acquire(&queue->lock);
    bool taken = !sleeper->node.listed;
    wait_list_remove(operation_list(operation), &sleeper->node);
    operation_clear_flag(operation);
    lock_release(&queue->lock);
    return taken;
}

// Who is taken off the list and woken has nothing more to do with the queue.
static WaitResult sleep_on_list(const Operation *operation, Deadline deadline)
    RELEASES(operation->queue->lock)
{
    Sleeper sleeper;
    enlist(operation, &sleeper);
    lock_release(&operation->queue->lock);
    bool taken = sleep_until_taken(operation, &sleeper, deadline);
    if (!sleeper.node.served)
        return taken ? WAIT_CLOSED : WAIT_TIMED_OUT;
    if (!operation->sends && is_small(operation))
        ring_copy(&operation->queue->ring, operation->received, sleeper.item);
    return WAIT_OK;
}

static WaitResult wait_turn(const Operation *operation, Deadline deadline)
    RELEASES(operation->queue->lock)
{
    Queue *queue = operation->queue;
    for (;;) {
        WaitResult result = operation_try(operation);
        bool may_wait =
            result == WAIT_TIMED_OUT && deadline_remaining_ns(deadline) > 0;
        if (may_wait && operation_prepare_to_wait(operation))
            return sleep_on_list(operation, deadline);
        operation_clear_flag(operation);
        if (!may_wait) {
            lock_release(&queue->lock);
            return result;
        }
    }
}

// A sender that comes back for every single cell as soon as it is free fights
// with the receiver over its cache line. A large ring keeps that one busy for a
// while.
static bool is_patient(const Operation *operation)
{
    return operation->sends && operation->queue->ring.capacity >= 64;
}

// Spins, unless it has to ask. A closed queue has no more items coming.
static RingResult spin_for(const Operation *operation, Deadline deadline)
{
    if (ring_is_closed(&operation->queue->ring))
        return RING_TAKE_LOCK;
    Spin spin = is_patient(operation)
                    ? spin_start_patiently(habit_of(operation))
                    : spin_start(habit_of(operation));
    RingResult result = RING_NOT_NOW;
    while (result == RING_NOT_NOW && spin_once_until(&spin, deadline))
        result = operation_try_ring(operation);
    spin_end(&spin);
    return result;
}

// For what could not be done at once.
static WaitResult finish(const Operation *operation, RingResult result,
                         Deadline deadline)
{
    if (result == RING_NOT_NOW && deadline_remaining_ns(deadline) > 0)
        result = spin_for(operation, deadline);
    if (result == RING_DONE)
        return WAIT_OK;
    lock_acquire(&operation->queue->lock);
    return wait_turn(operation, deadline);
}

static WaitResult finish_send(Queue *queue, const void *item, RingResult result,
                              Deadline deadline)
{
    Operation send = { .queue = queue, .sent = item, .sends = true };
    return finish(&send, result, deadline);
}

static WaitResult finish_receive(Queue *queue, void *item, RingResult result,
                                 Deadline deadline)
{
    Operation receive = { .queue = queue, .received = item };
    return finish(&receive, result, deadline);
}

// As a rule these four come back from the ring, and are short for it.

WaitResult queue_send_until(Queue *queue, const void *item, Deadline deadline)
{
    must_exist(queue, "queue_send_until", QUEUE_IS_NULL);
    RingResult result = ring_send(&queue->ring, item);
    if (result == RING_DONE)
        return WAIT_OK;
    return finish_send(queue, item, result, deadline);
}

WaitResult queue_receive_until(Queue *queue, void *item, Deadline deadline)
{
    must_exist(queue, "queue_receive_until", QUEUE_IS_NULL);
    RingResult result = ring_receive(&queue->ring, item);
    if (result == RING_DONE)
        return WAIT_OK;
    return finish_receive(queue, item, result, deadline);
}

bool queue_send(Queue *queue, const void *item)
{
    must_exist(queue, "queue_send", QUEUE_IS_NULL);
    RingResult result = ring_send(&queue->ring, item);
    if (result == RING_DONE)
        return true;
    return finish_send(queue, item, result, DEADLINE_NEVER) == WAIT_OK;
}

bool queue_receive(Queue *queue, void *item)
{
    must_exist(queue, "queue_receive", QUEUE_IS_NULL);
    RingResult result = ring_receive(&queue->ring, item);
    if (result == RING_DONE)
        return true;
    return finish_receive(queue, item, result, DEADLINE_NEVER) == WAIT_OK;
}

bool queue_close(Queue *queue)
{
    must_exist(queue, "queue_close", QUEUE_IS_NULL);
    TRACED(close_queue(queue));
    lock_acquire(&queue->lock);
    bool first = ring_close(&queue->ring);
    wait_list_dismiss(&queue->senders);
    wait_list_dismiss(&queue->receivers);
    ring_unblock_senders(&queue->ring);
    ring_let_receivers_go_on(&queue->ring);
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
    return stored < queue->ring.capacity ? stored : queue->ring.capacity;
}

size_t queue_capacity(const Queue *queue)
{
    must_exist(queue, "queue_capacity", QUEUE_IS_NULL);
    return queue->ring.capacity;
}
