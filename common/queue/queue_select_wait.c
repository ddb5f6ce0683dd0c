// Selecting from several queues, with the locks of all of them at once: so the
// last look and going on all the lists are one step, and whatever comes later
// finds us on its list. What comes first claims our choice (wait_list.h), and
// serves us; the others pass us over.
#include "base/base.h"

#include "queue_internal.h"

// What it takes to sleep. Allocated before there are locks to hold. All of them
// together count as one lock here: clang does not count locks in an array. So
// it is proved that they are taken and let go of together, but not what goes on
// with each of them in between.
typedef struct LOCK_TYPE Sleep {
    size_t lock_count;
    Queue **to_lock;
    WaitNode *nodes;  // one for each case
    Waiter waiter;
    WaitChoice choice;
} Sleep;

static int by_address(const void *left, const void *right)
{
    uintptr_t a = (uintptr_t) * (Queue *const *)left;
    uintptr_t b = (uintptr_t) * (Queue *const *)right;
    return a < b ? -1 : a > b;
}

// In the order of their addresses, so that no two selects wait for each other;
// and each once, though several cases may name its queue.
static void find_locks(Sleep *sleep, const Select *select)
{
    size_t named = 0;
    for (size_t i = 0; i < select->count; i++)
        if (select_has(select, i))
            sleep->to_lock[named++] = select->cases[i].queue;
    qsort(sleep->to_lock, named, sizeof(Queue *), by_address);
    for (size_t i = 0; i < named; i++)
        if (i == 0 || sleep->to_lock[i] != sleep->to_lock[i - 1])
            sleep->to_lock[sleep->lock_count++] = sleep->to_lock[i];
}

static void acquire_all(const Sleep *sleep) ACQUIRES(*sleep) LOCKS_UNCHECKED
{
    for (size_t i = 0; i < sleep->lock_count; i++)
        lock_acquire(&sleep->to_lock[i]->lock);
}

static void release_all(const Sleep *sleep) RELEASES(*sleep) LOCKS_UNCHECKED
{
    for (size_t i = 0; i < sleep->lock_count; i++)
        lock_release(&sleep->to_lock[i]->lock);
}

static WaitResult try_all_locked(Select *select) LOCKS_UNCHECKED
{
    for (size_t i = 0; i < select->count; i++) {
        size_t turn = select->turns[i];
        if (!select_has(select, turn))
            continue;
        Operation operation = select_operation(select, turn);
        WaitResult result = operation_try(&operation);
        if (result != WAIT_TIMED_OUT) {
            select->chosen = turn;
            return result;
        }
    }
    return WAIT_TIMED_OUT;
}

static bool prepare_all(const Select *select) LOCKS_UNCHECKED
{
    bool prepared = true;
    for (size_t i = 0; prepared && i < select->count; i++) {
        Operation operation = select_operation(select, i);
        prepared =
            !select_has(select, i) || operation_prepare_to_wait(&operation);
    }
    return prepared;
}

static void tidy_all(const Select *select) LOCKS_UNCHECKED
{
    for (size_t i = 0; i < select->count; i++) {
        Operation operation = select_operation(select, i);
        if (select_has(select, i))
            operation_clear_flag(&operation);
    }
}

// Returns WAIT_TIMED_OUT when at one moment none of the operations could be
// done. Then all that could change this asks, and finds us holding its lock.
static WaitResult try_all_at_once(Select *select)
{
    WaitResult result;
    while ((result = try_all_locked(select)) == WAIT_TIMED_OUT &&
           !prepare_all(select))
        tidy_all(select);
    return result;
}

static void add_all(const Select *select, Sleep *sleep)
    REQUIRES(*sleep) LOCKS_UNCHECKED
{
    for (size_t i = 0; i < select->count; i++) {
        if (!select_has(select, i))
            continue;
        Operation operation = select_operation(select, i);
        wait_list_add(operation_list(&operation), &sleep->nodes[i],
                      &sleep->waiter, operation_item(&operation));
        sleep->nodes[i].choice = &sleep->choice;
    }
}

// When this is done nobody can serve us, and who did so is done with us: that
// was under one of these locks.
static void remove_all(const Select *select, Sleep *sleep)
{
    for (size_t i = 0; i < select->count; i++) {
        if (!select_has(select, i))
            continue;
        Operation operation = select_operation(select, i);
        lock_acquire(&operation.queue->lock);
        wait_list_remove(operation_list(&operation), &sleep->nodes[i]);
        operation_clear_flag(&operation);
        lock_release(&operation.queue->lock);
    }
}

// What a select sleeps for.
typedef struct SelectWait {
    Wait wait;
    const Select *select;
} SelectWait;

static void explain_select(const Wait *wait, Report *report)
{
    const Select *select = ((const SelectWait *)wait)->select;
    bool first = true;
    for (size_t i = 0; i < select->count; i++) {
        Operation operation = select_operation(select, i);
        if (!select_has(select, i))
            continue;
        report_say(report, first ? "" : ", or ");
        operation_explain(&operation, report);
        first = false;
    }
    report_say(report, ".");
}

static WaitResult sleep_on_all(Select *select, Sleep *sleep, Deadline deadline)
    RELEASES(*sleep)
{
    add_all(select, sleep);
    release_all(sleep);

    SelectWait wait = { { explain_select, NULL }, select };
    TRACED(wait_for("for one of several queues", NULL));
    deadlock_sleep(&sleep->waiter, deadline, &wait.wait);

    remove_all(select, sleep);
    WaitNode *claimed = atomic_load(&sleep->choice.claimed);
    if (claimed == NULL)
        return WAIT_TIMED_OUT;
    select->chosen = (size_t)(claimed - sleep->nodes);
    return claimed->served ? WAIT_OK : WAIT_CLOSED;
}

static WaitResult try_or_sleep(Select *select, Sleep *sleep, Deadline deadline)
{
    acquire_all(sleep);
    WaitResult result = try_all_at_once(select);
    if (result == WAIT_TIMED_OUT && deadline_remaining_ns(deadline) > 0)
        return sleep_on_all(select, sleep, deadline);
    tidy_all(select);
    release_all(sleep);
    return result;
}

WaitResult select_wait(Select *select, Deadline deadline)
{
    Sleep sleep = {
        .to_lock = must_malloc(select->count * sizeof(Queue *)),
        .nodes = must_malloc(select->count * sizeof(WaitNode)),
    };
    find_locks(&sleep, select);
    WaitResult result = try_or_sleep(select, &sleep, deadline);
    free(sleep.nodes);
    free(sleep.to_lock);
    return result;
}
