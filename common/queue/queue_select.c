// Selecting from several queues, as long as it need not sleep: one queue after
// the other. queue_select_wait.c does the rest.
#include "base/base.h"

#include "queue_internal.h"

// Which first.

// Not for secrets, only for fairness. G. Marsaglia's xorshift.
static size_t random_below(size_t limit)
{
    static _Thread_local uint32_t state;
    if (state == 0)
        state = (uint32_t)thread_number() * UINT32_C(2654435769) | 1;
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return (size_t)((uint64_t)state * limit >> 32);
}

// For queue_select_fair the turns are shuffled as far as they are needed, so
// that every order is as likely as any other (after R. Fisher and F. Yates):
// draws the ith.
static size_t draw_turn(Select *select, size_t i)
{
    size_t *turns = select->turns;
    size_t other = i + random_below(select->count - i);
    size_t turn = turns[other];
    turns[other] = turns[i];
    turns[i] = turn;
    return turn;
}

// Trying.

// A receive that finds nothing has not looked whether anything can still come.
// While we spin it need not: that would only take a cache line away from the
// senders, and a queue that is closed meanwhile is found later.
static WaitResult try_one(const Operation *operation, bool spinning)
{
    RingResult result = operation_try_ring(operation);
    if (result == RING_DONE)
        return WAIT_OK;
    Queue *queue = operation->queue;
    if (result == RING_NOT_NOW &&
        (spinning || operation->sends || !ring_is_closed(&queue->ring)))
        return WAIT_TIMED_OUT;
    lock_acquire(&queue->lock);
    WaitResult asked = operation_try(operation);
    lock_release(&queue->lock);
    return asked;
}

static WaitResult try_all(Select *select, bool draw, bool spinning)
{
    for (size_t i = 0; i < select->count; i++) {
        size_t turn = draw ? draw_turn(select, i) : select->turns[i];
        if (!select_has(select, turn))
            continue;
        Operation operation = select_operation(select, turn);
        WaitResult result = try_one(&operation, spinning);
        if (result != WAIT_TIMED_OUT) {
            select->chosen = turn;
            return result;
        }
    }
    return WAIT_TIMED_OUT;
}

static WaitResult spin_for_any(Select *select, Deadline deadline)
{
    static _Thread_local SpinHabit habit;
    Spin spin = spin_start(&habit);
    WaitResult result = WAIT_TIMED_OUT;
    while (result == WAIT_TIMED_OUT && spin_once_until(&spin, deadline))
        result = try_all(select, false, true);
    spin_end(&spin);
    return result;
}

// The calls.

// Returns whether there is anything to wait for.
static bool check_cases(const QueueCase cases[], size_t count)
{
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        if (cases[i].queue == NULL)
            continue;
        any = true;
        if ((cases[i].send == NULL) == (cases[i].receive == NULL))
            die("queue_select: case %zu must either send or receive", i);
    }
    return any;
}

static WaitResult select_in_turns(const QueueCase cases[], size_t count,
                                  size_t turns[], bool draw, size_t *chosen,
                                  Deadline deadline)
{
    Select select = { cases, count, turns, .chosen = count };
    WaitResult result = try_all(&select, draw, false);
    if (result == WAIT_TIMED_OUT && deadline_remaining_ns(deadline) > 0)
        result = spin_for_any(&select, deadline);
    if (result == WAIT_TIMED_OUT)
        result = select_wait(&select, deadline);
    if (result != WAIT_TIMED_OUT)
        *chosen = select.chosen;
    return result;
}

static WaitResult select_any(const QueueCase cases[], size_t count,
                             size_t *chosen, bool draw, Deadline deadline)
{
    enum { FEW = 16 };
    size_t few[FEW], *turns = few;
    if (!check_cases(cases, count)) {
        *chosen = count;
        return WAIT_CLOSED;
    }
    if (count > FEW)
        turns = must_malloc(count * sizeof *turns);
    for (size_t i = 0; i < count; i++)
        turns[i] = i;
    WaitResult result =
        select_in_turns(cases, count, turns, draw, chosen, deadline);
    if (turns != few)
        free(turns);
    return result;
}

WaitResult queue_select(QueueCase cases[], size_t count, size_t *chosen)
{
    return select_any(cases, count, chosen, false, DEADLINE_NEVER);
}

WaitResult queue_select_until(QueueCase cases[], size_t count, size_t *chosen,
                              Deadline deadline)
{
    return select_any(cases, count, chosen, false, deadline);
}

WaitResult queue_select_fair(QueueCase cases[], size_t count, size_t *chosen,
                             Deadline deadline)
{
    return select_any(cases, count, chosen, true, deadline);
}
