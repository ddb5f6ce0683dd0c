// A select over several queues. It tries the queues one after the other, and
// spins. If that does not help it takes the locks of all of them at once: so
// the last look and going on all the lists are one step, and a later operation
// finds the select's node on its list. The first such operation claims the
// select's choice (wait_list.h) and serves it; later ones pass over its nodes.
#include "base/base.h"

#include "queue_internal.h"

// All the locks together count as one lock here: clang does not count locks in
// an array. So clang proves that they are taken and released together, but not
// what happens to each of them in between.
typedef struct LOCK_TYPE Select {
    CaseList listed;
    const Operation **turns;  // the cases with a queue, as they are to be tried
    size_t count;
    const Operation *chosen;

    // For a sleep. The arrays have `count` elements.
    Queue **to_lock;  // sorted by address, with repeated ones
    WaitNode *nodes;
    Waiter waiter;
    WaitChoice choice;
} Select;

// explore tries every schedule, also those in which the rounds are of no use.
#ifdef FEW_TRIES
enum { MOST_ROUNDS = 10, PATIENCE_MS = 200 };
#else
enum { MOST_ROUNDS = 1000, PATIENCE_MS = 200 };
#endif

// Trying without a lock.

static WaitResult try_all(Select *select, bool spinning)
{
    WaitResult result = WAIT_TIMED_OUT;
    for (size_t i = 0; result == WAIT_TIMED_OUT && i < select->count; i++) {
        select->chosen = select->turns[i];
        result = operation_try_once(select->chosen, spinning);
    }
    return result;
}

// Trying and sleeping with all locks.

static int by_address(const void *left, const void *right)
{
    uintptr_t a = (uintptr_t) * (Queue *const *)left;
    uintptr_t b = (uintptr_t) * (Queue *const *)right;
    return a < b ? -1 : a > b;
}

// In the order of their addresses, so that two selects cannot wait for each
// other (a deadlock), and each lock once.
static void acquire_all(const Select *select) ACQUIRES(*select) LOCKS_UNCHECKED
{
    for (size_t i = 0; i < select->count; i++)
        select->to_lock[i] = select->turns[i]->queue;
    qsort(select->to_lock, select->count, sizeof(Queue *), by_address);
    for (size_t i = 0; i < select->count; i++)
        if (i == 0 || select->to_lock[i] != select->to_lock[i - 1])
            lock_acquire(&select->to_lock[i]->lock);
}

static void release_all(const Select *select) RELEASES(*select) LOCKS_UNCHECKED
{
    for (size_t i = 0; i < select->count; i++) {
        Queue *queue = select->to_lock[i];
        if (i > 0 && queue == select->to_lock[i - 1])
            continue;
        queue_lower_flags(queue);
        lock_release(&queue->lock);
    }
}

// WAIT_TIMED_OUT: at one moment none of the operations was possible, and all
// their flags are up. Until the locks are released that stays so. Or the
// deadline has passed, and another thread is in the middle of an operation
// (try_stored).
static WaitResult try_all_at_once(Select *select, Deadline deadline)
    REQUIRES(*select) LOCKS_UNCHECKED
{
    // When the deadline has passed: so many rounds at most, and so long.
    const Deadline end = deadline_in_ms(PATIENCE_MS);
    size_t impossible, rounds = 0;
    do {
        for (size_t i = 0; i < select->count; i++) {
            select->chosen = select->turns[i];
            WaitResult result = operation_try(select->chosen);
            if (result != WAIT_TIMED_OUT)
                return result;
        }
        impossible = 0;
        while (impossible < select->count &&
               operation_prepare_to_wait(select->turns[impossible]))
            impossible++;
    } while (impossible < select->count &&
             ((rounds++ < MOST_ROUNDS && deadline_remaining_ns(end) > 0) ||
              deadline_remaining_ns(deadline) > 0));
    return WAIT_TIMED_OUT;
}

static void enlist_all(Select *select) REQUIRES(*select) LOCKS_UNCHECKED
{
    for (size_t i = 0; i < select->count; i++) {
        operation_enlist(select->turns[i], &select->nodes[i], &select->waiter);
        select->nodes[i].choice = &select->choice;
    }
}

static WaitResult sleep_on_all(Select *select, Deadline deadline)
    RELEASES(*select)
{
    enlist_all(select);
    release_all(select);

    TRACED(wait_for("for one of several queues", NULL));
    Wait wait = { queue_explain_wait, &select->listed };
    deadlock_sleep(&select->waiter, deadline, &wait);

    // When this is done no thread can serve the select, and the thread that has
    // served it is done with the nodes: it held one of these locks. So relaxed
    // suffices.
    for (size_t i = 0; i < select->count; i++)
        operation_leave_list(select->turns[i], &select->nodes[i]);
    WaitNode *claimed =
        atomic_load_explicit(&select->choice.claimed, memory_order_relaxed);
    if (claimed == NULL)
        return WAIT_TIMED_OUT;
    select->chosen = select->turns[claimed - select->nodes];
    return claimed->served ? WAIT_OK : WAIT_CLOSED;
}

// The calls.

static WaitResult try_spin_sleep(Select *select, Deadline deadline)
{
    WaitResult result = try_all(select, false);
    if (result == WAIT_TIMED_OUT && deadline_remaining_ns(deadline) > 0) {
        static _Thread_local SpinHabit habit;
        Spin spin = spin_start(&habit);
        while (result == WAIT_TIMED_OUT && spin_once_until(&spin, deadline))
            result = try_all(select, true);
        spin_end(&spin);
    }
    if (result != WAIT_TIMED_OUT)
        return result;

    // Allocated before there are locks to hold.
    select->to_lock = must_malloc(select->count * sizeof(Queue *));
    select->nodes = must_malloc(select->count * sizeof(WaitNode));
    acquire_all(select);
    result = try_all_at_once(select, deadline);
    if (result == WAIT_TIMED_OUT && deadline_remaining_ns(deadline) > 0)
        result = sleep_on_all(select, deadline);
    else
        release_all(select);
    free(select->nodes);
    free(select->to_lock);
    return result;
}

// Every order is as likely as any other (the Fisher-Yates shuffle). The numbers
// are not for secrets, only for fairness (George Marsaglia's xorshift).
static void shuffle(const Operation *turns[], size_t count)
{
    static _Thread_local uint32_t state;
    if (state == 0)
        state = (uint32_t)thread_number() * UINT32_C(2654435769) | 1;
    for (size_t left = count; left > 1; left--) {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        size_t drawn = (size_t)((uint64_t)state * left >> 32);
        const Operation *turn = turns[drawn];
        turns[drawn] = turns[left - 1];
        turns[left - 1] = turn;
    }
}

static WaitResult select_any(const QueueCase cases[], size_t count,
                             size_t *chosen, bool fair, Deadline deadline)
{
    enum { FEW = 16 };
    const Operation *few[FEW];
    Select select = { .listed = { cases, count }, .turns = few };
    if (count > FEW)
        select.turns = must_malloc(count * sizeof *select.turns);
    for (size_t i = 0; i < count; i++) {
        if (cases[i].queue == NULL)
            continue;
        if ((cases[i].send == NULL) == (cases[i].receive == NULL))
            die("queue_select: case %zu must either send or receive", i);
        select.turns[select.count++] = &cases[i];
    }
    if (fair)
        shuffle(select.turns, select.count);
    WaitResult result =
        select.count > 0 ? try_spin_sleep(&select, deadline) : WAIT_CLOSED;
    if (select.turns != few)
        free(select.turns);
    if (result != WAIT_TIMED_OUT)
        *chosen = select.chosen ? (size_t)(select.chosen - cases) : count;
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
