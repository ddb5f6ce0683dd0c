#define IN_COMMON
#include "queue.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "wait_list.h"

// A ring of stored items, and those who wait. Senders wait only while the ring
// is full and no receiver waits; receivers only while it is empty and no sender
// waits. So whoever comes finds a partner, room, or neither, and a partner is
// served on the spot: its item is copied to or from its own stack.
struct Queue {
    size_t capacity;     // items
    size_t item_size;    // bytes
    Lock lock;           // guards all below
    WaitList senders;    // their `what` is the item
    WaitList receivers;  // their `what` is where the item goes
    size_t first;        // where in the ring the oldest item is
    size_t stored;       // items
    size_t waiting;      // threads, also those that were woken but not yet left
    bool closed;
    char ring[];
};

Queue *queue_new(size_t capacity, size_t item_size)
{
    if (item_size != 0 && capacity > (SIZE_MAX - sizeof(Queue)) / item_size)
        die("queue_new: %zu items of %zu bytes are too many", capacity,
            item_size);
    Queue *queue = must_calloc(1, sizeof *queue + capacity * item_size);
    queue->capacity = capacity;
    queue->item_size = item_size;
    lock_init(&queue->lock);
    return queue;
}

void queue_free(Queue *queue)
{
    lock_acquire(&queue->lock);
    bool in_use = queue->waiting > 0;
    lock_release(&queue->lock);
    if (in_use)
        die("queue_free: a thread still waits for this queue");
    lock_destroy(&queue->lock);
    free(queue);
}

static void copy(const Queue *queue, void *to, const void *from)
{
    if (queue->item_size > 0)
        memcpy(to, from, queue->item_size);
}

static void *cell(Queue *queue, size_t number)
{
    size_t index = (queue->first + number) % queue->capacity;
    return queue->ring + index * queue->item_size;
}

static void store(Queue *queue, const void *item)
{
    copy(queue, cell(queue, queue->stored), item);
    queue->stored++;
}

static void take_stored(Queue *queue, void *item)
{
    copy(queue, item, cell(queue, 0));
    queue->first = (queue->first + 1) % queue->capacity;
    queue->stored--;
}

// What can be done at once. WAIT_TIMED_OUT says: nothing now.
static WaitResult send_now(Queue *queue, const void *item)
{
    if (queue->closed)
        return WAIT_CLOSED;
    WaitNode *receiver = queue->receivers.first;
    if (receiver) {
        copy(queue, receiver->what, item);
        wait_list_serve(&queue->receivers, receiver);
    } else if (queue->stored < queue->capacity) {
        store(queue, item);
    } else {
        return WAIT_TIMED_OUT;
    }
    return WAIT_OK;
}

static WaitResult receive_now(Queue *queue, void *item)
{
    WaitNode *sender = queue->senders.first;
    if (queue->stored > 0) {
        take_stored(queue, item);
        if (sender)
            store(queue, sender->what);
    } else if (sender) {
        copy(queue, item, sender->what);
    } else {
        return queue->closed ? WAIT_CLOSED : WAIT_TIMED_OUT;
    }
    if (sender)
        wait_list_serve(&queue->senders, sender);
    return WAIT_OK;
}

// Waits on the list until somebody serves us with `item`, the queue closes, or
// the deadline passes. Called and left with the lock held.
static WaitResult wait_turn(Queue *queue, WaitList *list, void *item,
                            Deadline deadline)
{
    queue->waiting++;
    bool served = wait_list_wait(list, &queue->lock, item, deadline);
    queue->waiting--;
    if (served)
        return WAIT_OK;
    return queue->closed ? WAIT_CLOSED : WAIT_TIMED_OUT;
}

static bool may_wait(WaitResult result, Deadline deadline)
{
    return result == WAIT_TIMED_OUT && deadline_remaining_ns(deadline) > 0;
}

WaitResult queue_send_by(Queue *queue, const void *item, Deadline deadline)
{
    lock_acquire(&queue->lock);
    WaitResult result = send_now(queue, item);
    if (may_wait(result, deadline))  // receivers only read the item
        result = wait_turn(queue, &queue->senders, (void *)item, deadline);
    lock_release(&queue->lock);
    return result;
}

WaitResult queue_receive_by(Queue *queue, void *item, Deadline deadline)
{
    lock_acquire(&queue->lock);
    WaitResult result = receive_now(queue, item);
    if (may_wait(result, deadline))
        result = wait_turn(queue, &queue->receivers, item, deadline);
    lock_release(&queue->lock);
    return result;
}

bool queue_send(Queue *queue, const void *item)
{
    return queue_send_by(queue, item, DEADLINE_NEVER) == WAIT_OK;
}

bool queue_receive(Queue *queue, void *item)
{
    return queue_receive_by(queue, item, DEADLINE_NEVER) == WAIT_OK;
}

bool queue_close(Queue *queue)
{
    lock_acquire(&queue->lock);
    bool first = !queue->closed;
    queue->closed = true;
    wait_list_dismiss(&queue->senders);
    wait_list_dismiss(&queue->receivers);
    lock_release(&queue->lock);
    return first;
}

size_t queue_size(Queue *queue)
{
    lock_acquire(&queue->lock);
    size_t stored = queue->stored;
    lock_release(&queue->lock);
    return stored;
}

size_t queue_capacity(const Queue *queue)
{
    return queue->capacity;
}
