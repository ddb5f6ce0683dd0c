// Waiting for one future, for all of some, or for any of them. Who finds that
// they have settled is done, without a lock. Otherwise the calling thread puts
// itself on the list of each that has not, sleeps once, and takes itself off.
#include "base/base.h"

#include "future_report.h"
#include "future_waiters.h"
#include "os/spin.h"

static SpinHabit habit;  // of all who wait here

// Looks at all once, in their order, for the first that is decisive. Returns
// how many must be waited for: none if there is one.
static size_t look_over(AwaitGroup *group, Future *futures[], size_t count)
{
    size_t left = 0;
    for (size_t i = 0; i < count; i++) {
        if (!future_has_settled(futures[i])) {
            left++;
        } else if (await_group_would_decide(group, futures[i])) {
            atomic_init(&group->decisive, futures[i]);
            return 0;
        }
    }
    return left;
}

// Goes on the lists of all that have not settled. Returns how many.
static size_t enroll_with_all(AwaitGroup *group, Future *futures[],
                              size_t count, FutureWaiter waiters[])
{
    size_t listed = 0;
    atomic_init(&group->pending, count + 1);  // not yet complete
    for (size_t i = 0; i < count; i++) {
        if (!future_has_settled(futures[i])) {
            waiters[listed] = (FutureWaiter){ .group = group,
                                              .future = futures[i],
                                              .flag = AWAITED };
            if (future_waiter_add(&waiters[listed])) {
                listed++;
                continue;
            }
        }
        await_group_decide(group, futures[i]);
    }
    await_group_count_down(group, count + 1 - listed);
    return listed;
}

// Runs tasks of pools that nobody has begun, if there is no deadline to miss,
// and only as long as there is something to wait for: what others wait for may
// never end before we return.
static void help(AwaitGroup *group, FutureWaiter waiters[], size_t count,
                 Deadline deadline)
{
    if (deadline.ns != DEADLINE_NEVER.ns)
        return;
    for (size_t i = 0; i < count && !await_group_is_complete(group); i++)
        future_help(waiters[i].future);
}

// Waits until the group is complete. What was gathered is then final.
static WaitResult gather(AwaitGroup *group, Future *futures[], size_t count,
                         Deadline deadline)
{
    size_t left = look_over(group, futures, count);
    if (left == 0)
        return WAIT_OK;
    if (deadline_remaining_ns(deadline) == 0)
        return WAIT_TIMED_OUT;

    FutureWaiter one;
    FutureWaiter *waiters =
        left == 1 ? &one : must_malloc(left * sizeof *waiters);
    left = enroll_with_all(group, futures, count, waiters);
    help(group, waiters, left, deadline);
    TRACED(wait_for_futures(futures, count, group->any));
    waiter_spin(&group->waiter, &habit, deadline);
    FutureWait wait = { { future_explain_wait, NULL }, futures, count };
    deadlock_sleep(&group->waiter, deadline, &wait.wait);
    for (size_t i = 0; i < left; i++)
        future_waiter_remove(&waiters[i]);

    if (waiters != &one)
        free(waiters);
    return await_group_is_complete(group) ? WAIT_OK : WAIT_TIMED_OUT;
}

// One future.

// It may be so soon: looks a few times before it says no.
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
    AwaitGroup group = { .pending = 1 };
    FutureWaiter waiter = { .group = &group, .future = future, .flag = JOINED };
    if (future_waiter_add(&waiter)) {
        TRACED(wait_for_task(future));
        Wait wait = { future_explain_end, future };
        deadlock_sleep(&group.waiter, DEADLINE_NEVER, &wait);
        future_waiter_remove(&waiter);
    }
}

static WaitResult wait_for(Future *future, Deadline deadline)
{
    if (deadline.ns == DEADLINE_NEVER.ns && future_help(future))
        return WAIT_OK;
    if (deadline_remaining_ns(deadline) == 0)
        return WAIT_TIMED_OUT;
    if (is_soon(future_has_settled, future))
        return WAIT_OK;
    AwaitGroup group = { 0 };
    return gather(&group, &future, 1, deadline);
}

WaitResult future_await_until(Future *future, Value *value, Deadline deadline)
{
    must_exist(future, "future_await_until", FUTURE_IS_NULL);
    if (!future_has_settled(future) && wait_for(future, deadline) != WAIT_OK)
        return WAIT_TIMED_OUT;
    TRACED(await(&future, 1, NULL));
    *value = future->value;
    return WAIT_OK;
}

Value future_await(Future *future)
{
    must_exist(future, "future_await", FUTURE_IS_NULL);
    if (!future_has_settled(future))
        wait_for(future, DEADLINE_NEVER);
    TRACED(await(&future, 1, NULL));
    return future->value;
}

// Several.

static void must_all_exist(Future *const futures[], size_t count,
                           const char *call)
{
    for (size_t i = 0; i < count; i++)
        must_exist(futures[i], call, FUTURE_IS_NULL);
}

static WaitResult await_all(Future *futures[], size_t count, Value values[],
                            Value *result, Deadline deadline)
{
    AwaitGroup group = { 0 };
    if (gather(&group, futures, count, deadline) != WAIT_OK)
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
    must_all_exist(futures, count, "future_await_all_until");
    return await_all(futures, count, values, result, deadline);
}

Value future_await_all(Future *futures[], size_t count, Value values[])
{
    Value result = value_none();
    must_all_exist(futures, count, "future_await_all");
    await_all(futures, count, values, &result, DEADLINE_NEVER);
    return result;
}

static size_t index_of(Future *const futures[], size_t count,
                       const Future *future)
{
    size_t i = 0;
    while (i < count && futures[i] != future)
        i++;
    return i;
}

// What a program gets when none has returned.
static Value error_of_all(Future *const futures[], size_t count)
{
    if (count > 0)
        return futures[0]->value;
    Value error = value_text("none of no futures returns");
    error.type = VALUE_ERROR;
    return error;
}

static WaitResult await_any(Future *futures[], size_t count, Value *value,
                            size_t *index, Deadline deadline)
{
    AwaitGroup group = { .any = true };
    if (gather(&group, futures, count, deadline) != WAIT_OK)
        return WAIT_TIMED_OUT;
    const Future *first = await_group_decisive(&group);
    TRACED(await(futures, count, first));
    *value = first ? first->value : error_of_all(futures, count);
    if (index)
        *index = index_of(futures, count, first);
    return WAIT_OK;
}

WaitResult future_await_any_until(Future *futures[], size_t count, Value *value,
                                  size_t *index, Deadline deadline)
{
    must_all_exist(futures, count, "future_await_any_until");
    return await_any(futures, count, value, index, deadline);
}

Value future_await_any(Future *futures[], size_t count, size_t *index)
{
    Value value = value_none();
    must_all_exist(futures, count, "future_await_any");
    await_any(futures, count, &value, index, DEADLINE_NEVER);
    return value;
}
