// One send or one receive: doing it, if it can be done now, and what it takes
// to be served by the other side while asleep.
#include "base/base.h"
#include "queue_internal.h"

// What can be done at once.

RingResult operation_try_ring(const Operation *operation)
{
    Ring *ring = &operation->queue->ring;
    return operation->sends ? ring_send(ring, operation->sent)
                            : ring_receive(ring, operation->received);
}

// Who has claimed a cell but not finished with it holds no lock, and needs none
// to finish: so we may wait for it with ours. The result is exact.
static WaitResult try_ring_exactly(const Operation *operation)
{
    Ring *ring = &operation->queue->ring;
    size_t hopeless = operation->sends ? ring->capacity : 0;
    while (operation_try_ring(operation) != RING_DONE) {
        if (ring_stored(ring) == hopeless)
            return WAIT_TIMED_OUT;
        spin_yield();
    }
    return WAIT_OK;
}

static WaitResult try_tokens(const Operation *operation)
    REQUIRES(operation->queue->lock)
{
    Queue *queue = operation->queue;
    if (operation->sends && queue->tokens < queue->ring.capacity)
        queue->tokens++;
    else if (!operation->sends && queue->tokens > 0)
        queue->tokens--;
    else
        return WAIT_TIMED_OUT;
    return WAIT_OK;
}

static WaitResult try_stored(const Operation *operation)
    REQUIRES(operation->queue->lock)
{
    return operation->queue->ring.cells ? try_ring_exactly(operation)
                                        : try_tokens(operation);
}

static WaitResult try_send(const Operation *send) REQUIRES(send->queue->lock)
{
    Queue *queue = send->queue;
    if (ring_is_closed(&queue->ring))
        return WAIT_CLOSED;
    WaitNode *receiver = wait_list_first(&queue->receivers);
    if (receiver) {
        ring_copy(&queue->ring, receiver->what, send->sent);
        wait_list_serve(&queue->receivers, receiver);
    }
    if (queue->receivers.first == NULL)
        ring_unblock_senders(&queue->ring);
    return receiver ? WAIT_OK : try_stored(send);
}

static WaitResult try_receive(const Operation *receive)
    REQUIRES(receive->queue->lock)
{
    Queue *queue = receive->queue;
    WaitNode *sender = wait_list_first(&queue->senders);
    if (sender) {  // then all cells are full, if there are any
        if (queue->ring.cells)
            ring_exchange(&queue->ring, receive->received, sender->what);
        else
            ring_copy(&queue->ring, receive->received, sender->what);
        wait_list_serve(&queue->senders, sender);
    }
    if (queue->senders.first == NULL)
        ring_let_receivers_go_on(&queue->ring);
    if (sender || try_stored(receive) == WAIT_OK)
        return WAIT_OK;
    return ring_is_closed(&queue->ring) ? WAIT_CLOSED : WAIT_TIMED_OUT;
}

WaitResult operation_try(const Operation *operation)
{
    return operation->sends ? try_send(operation) : try_receive(operation);
}

// Before and after a sleep.

void operation_explain(const Operation *operation, Report *report)
{
    bool meets = operation->queue->ring.capacity == 0;
    report_say(report, operation->sends ? meets ? "for a receiver at the queue "
                                                : "for room in the queue "
                                        : "for an item from the queue ");
    report_say(report, "that was made at ");
    report_place(report, operation->queue->tracked.place);
}

WaitList *operation_list(const Operation *operation)
{
    Queue *queue = operation->queue;
    return operation->sends ? &queue->senders : &queue->receivers;
}

void *operation_item(const Operation *operation)
{
    // Receivers only read it.
    return operation->sends ? (void *)operation->sent : operation->received;
}

// The flag is up before the last look. An operation of the other side that came
// before the flag is seen by this look, and one that comes later asks.
bool operation_prepare_to_wait(const Operation *operation)
{
    Ring *ring = &operation->queue->ring;
    if (ring->cells == NULL)
        return true;
    if (operation->sends) {
        ring_make_receivers_ask(ring);
        return ring_stored(ring) == ring->capacity;
    }
    ring_block_senders(ring);
    return ring_stored(ring) == 0;
}

void operation_clear_flag(const Operation *operation)
{
    if (operation_list(operation)->first)
        return;
    if (operation->sends)
        ring_let_receivers_go_on(&operation->queue->ring);
    else
        ring_unblock_senders(&operation->queue->ring);
}
