// Read plain/plain_await.c first; this takes no lock when the futures have
// settled, and spins before it sleeps (spin-then-park), because most waits are
// short. To sleep, a thread
// registers with every future that has not settled (future_waiters.h), sleeps
// once, and takes itself off their lists before it returns.
#include "base/base.h"

#include "future_waiters.h"
#include "os/spin.h"

static SpinHabit habit;  // of all threads that wait for futures

// Looks at all futures in their order, without registering, because of those
// that have settled before the call the first listed one decides. Returns how
// many must be waited for: none if one has decided. In a child of fork a
// parent's future is not waited for: then another future must decide.
static size_t look_over(const char *call, AwaitGroup *group, Future *futures[],
                        size_t count)
{
    size_t left = 0, pending = 0;
    const Future *lost = NULL;  // one that never settles here
    for (size_t i = 0; i < count; i++)
        must_exist(futures[i], call, FUTURE_IS_NULL);
    for (size_t i = 0; i < count; i++) {
        bool is_parents = future_is_parents(futures[i]);
        pending += !is_parents;
        if (!future_has_settled(futures[i])) {
            left += !is_parents;
            lost = is_parents ? futures[i] : lost;
        } else if (await_group_would_decide(group, futures[i])) {
            atomic_init(&group->decisive, futures[i]);
            return 0;
        }
    }
    if (lost && (!group->any || left == 0))
        future_must_be_ours(lost, call);
    atomic_init(&group->pending, pending);
    return left;
}

// Registers with all futures that have not settled, and counts the rest as
// settled. Returns the number of waiters that are listed.
static size_t register_with_all(AwaitGroup *group, Future *futures[],
                                size_t count, FutureWaiter waiters[])
{
    size_t listed = 0;
    for (size_t i = 0; i < count; i++) {
        if (future_is_parents(futures[i]))
            continue;
        if (!future_has_settled(futures[i]) &&
            future_waiter_add(&waiters[listed], group, futures[i], AWAITED))
            listed++;
        else
            await_group_note(group, futures[i]);
    }
    return listed;
}

// Waits until the group is complete. Its decision is then final.
static WaitResult gather(const char *call, AwaitGroup *group, Future *futures[],
                         size_t count, Deadline deadline)
{
    bool may_help = deadline.ns == DEADLINE_NEVER.ns;
    unsigned forks = process_forks();
    size_t left = look_over(call, group, futures, count);
    if (left == 0)
        return WAIT_OK;
    if (deadline_remaining_ns(deadline) == 0)
        return WAIT_TIMED_OUT;

    FutureWaiter one;
    FutureWaiter *waiters =
        left == 1 ? &one : must_malloc(left * sizeof *waiters);
    left = register_with_all(group, futures, count, waiters);
    // Helping: with no deadline to miss, and only until the group is complete.
    // A further task may wait for something that comes after this call.
    for (size_t i = 0; may_help && i < left; i++)
        if (!await_group_is_complete(group))
            future_help(waiters[i].future);
    // A task has forked, and this is the child: the lists that have the waiters
    // are the parent's.
    if (forks != process_forks()) {
        if (waiters != &one)
            free(waiters);
        *group = (AwaitGroup){ .any = group->any };
        return gather(call, group, futures, count, deadline);
    }
    TRACED(wait_for_futures(futures, count, group->any));
    waiter_spin(&group->waiter, &habit, deadline);
    FutureList list = { futures, count, .end = false };
    Wait wait = { future_explain_wait, &list };
    deadlock_sleep(&group->waiter, deadline, &wait);
    for (size_t i = 0; i < left; i++)
        future_waiter_remove(&waiters[i]);

    if (waiters != &one)
        free(waiters);
    return await_group_is_complete(group) ? WAIT_OK : WAIT_TIMED_OUT;
}

// One future.

// Spins until the future has settled, or ended, or it is time to sleep.
static bool is_soon(bool (*is_so)(const Future *future), const Future *future)
{
    Spin spin = spin_start(&habit);
    while (!is_so(future) && spin_once(&spin))
        continue;
    spin_end(&spin);
    return is_so(future);
}

void future_wait_for_end(Future *future)
{
    if (is_soon(future_has_ended, future))
        return;
    AwaitGroup group = { .pending = 1 };  // complete when it is told of the end
    FutureWaiter waiter;
    if (future_waiter_add(&waiter, &group, future, JOINED)) {
        TRACED(wait_for_task(future));
        FutureList list = { &future, 1, .end = true };
        Wait wait = { future_explain_wait, &list };
        deadlock_sleep(&group.waiter, DEADLINE_NEVER, &wait);
        future_waiter_remove(&waiter);
    }
}

// For a future that has not settled. Helping comes first: a task that has not
// begun takes less time here than the wake-up of a thread would.
static WaitResult wait_for(const char *call, Future *future, Deadline deadline)
{
    if (deadline.ns == DEADLINE_NEVER.ns && future_help(future))
        return WAIT_OK;
    future_must_be_ours(future, call);
    if (deadline_remaining_ns(deadline) == 0)
        return WAIT_TIMED_OUT;
    if (is_soon(future_has_settled, future))
        return WAIT_OK;
    AwaitGroup group = { 0 };
    return gather(call, &group, &future, 1, deadline);
}

WaitResult future_await_until(Future *future, Value *value, Deadline deadline)
{
    const char *call = "future_await_until";
    must_exist(future, call, FUTURE_IS_NULL);
    if (!future_has_settled(future) &&
        wait_for(call, future, deadline) != WAIT_OK)
        return WAIT_TIMED_OUT;
    TRACED(await(&future, 1, NULL));
    *value = future->value;
    return WAIT_OK;
}

Value future_await(Future *future)
{
    must_exist(future, "future_await", FUTURE_IS_NULL);
    if (!future_has_settled(future))
        wait_for("future_await", future, DEADLINE_NEVER);
    TRACED(await(&future, 1, NULL));
    return future->value;
}

// Several.

static WaitResult await_all(const char *call, Future *futures[], size_t count,
                            Value values[], Value *result, Deadline deadline)
{
    AwaitGroup group = { 0 };
    if (gather(call, &group, futures, count, deadline) != WAIT_OK)
        return WAIT_TIMED_OUT;
    const Future *failed = await_group_decisive(&group);
    TRACED(await(futures, count, failed));
    *result = failed ? failed->value : value_none();
    for (size_t i = 0; values && !failed && i < count; i++)
        values[i] = futures[i]->value;
    return WAIT_OK;
}

WaitResult future_await_all_until(Future *futures[], size_t count,
                                  Value values[], Value *result,
                                  Deadline deadline)
{
    return await_all("future_await_all_until", futures, count, values, result,
                     deadline);
}

Value future_await_all(Future *futures[], size_t count, Value values[])
{
    Value result = value_none();
    await_all("future_await_all", futures, count, values, &result,
              DEADLINE_NEVER);
    return result;
}

static WaitResult await_any(const char *call, Future *futures[], size_t count,
                            Value *value, size_t *index, Deadline deadline)
{
    AwaitGroup group = { .any = true };
    if (gather(call, &group, futures, count, deadline) != WAIT_OK)
        return WAIT_TIMED_OUT;
    const Future *first = await_group_decisive(&group);
    // None has returned, so all must have failed, also a parent's.
    for (size_t i = 0; first == NULL && i < count; i++)
        if (!future_has_settled(futures[i]))
            future_must_be_ours(futures[i], call);
    TRACED(await(futures, count, first));
    size_t i = 0;  // count, if none has returned
    while (i < count && futures[i] != first)
        i++;
    if (index)
        *index = i;
    *value = value_text("none of no futures returns");
    value->type = VALUE_ERROR;
    if (count > 0)
        *value = futures[first ? i : 0]->value;
    return WAIT_OK;
}

WaitResult future_await_any_until(Future *futures[], size_t count, Value *value,
                                  size_t *index, Deadline deadline)
{
    return await_any("future_await_any_until", futures, count, value, index,
                     deadline);
}

Value future_await_any(Future *futures[], size_t count, size_t *index)
{
    Value value = value_none();
    await_any("future_await_any", futures, count, &value, index,
              DEADLINE_NEVER);
    return value;
}
