// One send or one receive with the queue's lock held, and its place in the list
// of sleepers. A sleeper is served by the thread that wakes it, in FIFO order:
// the item changes hands under the lock, which is then the linearization point
// of both operations.
#include "base/base.h"

#include "queue_internal.h"

// Relaxed: only the holder of the lock changes the flag, and an operation that
// still finds it takes the lock without need.
static void lower_flag(_Atomic uint64_t *end)
{
    uint64_t now = atomic_load_explicit(end, memory_order_relaxed);
    if (now & RING_WAITED_FOR)
        atomic_fetch_and_explicit(end, ~(uint64_t)RING_WAITED_FOR,
                                  memory_order_relaxed);
}

void queue_lower_flags(Queue *queue)
{
    if (queue->ring.cells && queue->receivers.first == NULL)
        lower_flag(&queue->ring.tail);
    if (queue->ring.cells && queue->senders.first == NULL)
        lower_flag(&queue->ring.head);
}

// The result false is exact, as a rule: at one moment the ring was full, or
// empty. A thread that has claimed a cell and not finished with it needs no
// lock to finish, so this thread waits for it with the lock held. But it gives
// up after SPIN_TURNS: that thread may be stopped, or this call may be in a
// signal handler that has interrupted it. A caller that must wait comes again.
static bool try_stored(const Operation *operation)
    REQUIRES(operation->queue->lock)
{
    Queue *queue = operation->queue;
    bool sends = operation_sends(operation);
    size_t hopeless = sends ? queue->ring.capacity : 0;
    if (queue->ring.cells == NULL) {
        if (queue->tokens == hopeless)
            return false;
        queue->tokens = sends ? queue->tokens + 1 : queue->tokens - 1;
        return true;
    }
    for (unsigned turns = 0; operation_try_ring(operation) != RING_DONE;
         spin_yield(&turns))
        if (ring_stored(&queue->ring) == hopeless || turns >= SPIN_TURNS)
            return false;
    return true;
}

// A sleeper is served before a cell is used: while senders sleep all cells are
// full, if there are any, and a receiver replaces the item that it takes by the
// first sender's item. The oldest item may still be on its way into its cell:
// then the receiver gives up, as in try_stored.
WaitResult operation_try(const Operation *operation)
{
    Queue *queue = operation->queue;
    Ring *ring = &queue->ring;
    bool sends = operation_sends(operation);
    if (sends && ring_is_closed(ring))
        return WAIT_CLOSED;
    WaitList *others = sends ? &queue->receivers : &queue->senders;
    bool possible = sends || ring->cells == NULL || others->first == NULL ||
                    ring_oldest_is_whole(ring);
    WaitNode *other = possible ? wait_list_first(others) : NULL;
    if (other) {
        if (sends)
            ring_copy(ring, other->what, operation->send);
        else if (ring->cells)
            ring_exchange(ring, operation->receive, other->what);
        else
            ring_copy(ring, operation->receive, other->what);
        wait_list_serve(others, other);
    }
    queue_lower_flags(queue);
    if (other || (possible && try_stored(operation)))
        return WAIT_OK;
    return ring_is_closed(ring) ? WAIT_CLOSED : WAIT_TIMED_OUT;
}

WaitResult operation_try_once(const Operation *operation, bool spinning)
{
    Queue *queue = operation->queue;
    RingResult result = operation_try_ring(operation);
    if (result == RING_DONE)
        return WAIT_OK;
    if (result == RING_NOT_NOW && (spinning || operation_sends(operation) ||
                                   !ring_is_closed(&queue->ring)))
        return WAIT_TIMED_OUT;
    lock_acquire(&queue->lock);
    WaitResult locked = operation_try(operation);
    lock_release(&queue->lock);
    return locked;
}

// The flag is up before the last look, against a lost wake-up: an operation of
// the other side either came before the flag, and the look sees it, or meets
// the flag and takes the lock. Sequentially consistent, as the look is.
bool operation_prepare_to_wait(const Operation *operation)
{
    Ring *ring = &operation->queue->ring;
    bool sends = operation_sends(operation);
    if (ring->cells == NULL)
        return true;
    atomic_fetch_or(sends ? &ring->head : &ring->tail, RING_WAITED_FOR);
    return ring_stored(ring) == (sends ? ring->capacity : 0);
}

static WaitList *list_of(const Operation *operation)
    REQUIRES(operation->queue->lock)
{
    return operation_sends(operation) ? &operation->queue->senders
                                      : &operation->queue->receivers;
}

void operation_enlist(const Operation *operation, WaitNode *node,
                      Waiter *waiter)
{
    // The cast is safe: a receiver only reads a sender's item.
    void *item = operation_sends(operation) ? (void *)operation->send
                                            : operation->receive;
    wait_list_add(list_of(operation), node, waiter, item);
}

bool operation_leave_list(const Operation *operation, WaitNode *node)
{
    Queue *queue = operation->queue;
    lock_acquire(&queue->lock);
    bool listed = node->listed;
    wait_list_remove(list_of(operation), node);
    queue_lower_flags(queue);
    lock_release(&queue->lock);
    return listed;
}
