// The calls of future.h that wait: for one future, for all, for any. Each waits
// (plain_await.c), and then reads values: a future that has settled does not
// change again, so its value may be read without the mutex.
#include "base/base.h"

#include "plain_future.h"

static WaitResult await_one(Future *future, Value *value, Deadline deadline,
                            const char *call)
{
    size_t first;
    WaitResult result =
        future_wait(AWAIT_ALL, &future, 1, &first, deadline, call);
    if (result == WAIT_OK)
        *value = future->value;
    return result;
}

WaitResult future_await_until(Future *future, Value *value, Deadline deadline)
{
    return await_one(future, value, deadline, "future_await_until");
}

Value future_await(Future *future)
{
    Value value = value_none();
    await_one(future, &value, DEADLINE_NEVER, "future_await");
    return value;
}

// The first error is the result of all. The values are copied only without one:
// after an error some futures may not have settled yet.
static WaitResult await_all(Future *futures[], size_t count, Value values[],
                            Value *result, Deadline deadline, const char *call)
{
    size_t first;
    if (future_wait(AWAIT_ALL, futures, count, &first, deadline, call) !=
        WAIT_OK)
        return WAIT_TIMED_OUT;
    *result = first < count ? futures[first]->value : value_none();
    for (size_t i = 0; values && first == count && i < count; i++)
        values[i] = futures[i]->value;
    return WAIT_OK;
}

WaitResult future_await_all_until(Future *futures[], size_t count,
                                  Value values[], Value *result,
                                  Deadline deadline)
{
    return await_all(futures, count, values, result, deadline,
                     "future_await_all_until");
}

Value future_await_all(Future *futures[], size_t count, Value values[])
{
    Value result = value_none();
    await_all(futures, count, values, &result, DEADLINE_NEVER,
              "future_await_all");
    return result;
}

// The first value is the result of any. When all have failed, the result is the
// error of the first listed.
static WaitResult await_any(Future *futures[], size_t count, Value *value,
                            size_t *index, Deadline deadline, const char *call)
{
    size_t first;
    if (future_wait(AWAIT_ANY, futures, count, &first, deadline, call) !=
        WAIT_OK)
        return WAIT_TIMED_OUT;
    *value = value_text("none of no futures returns");
    value->type = VALUE_ERROR;
    if (count > 0)
        *value = futures[first < count ? first : 0]->value;
    if (index)
        *index = first;
    return WAIT_OK;
}

WaitResult future_await_any_until(Future *futures[], size_t count, Value *value,
                                  size_t *index, Deadline deadline)
{
    return await_any(futures, count, value, index, deadline,
                     "future_await_any_until");
}

Value future_await_any(Future *futures[], size_t count, size_t *index)
{
    Value value = value_none();
    await_any(futures, count, &value, index, DEADLINE_NEVER,
              "future_await_any");
    return value;
}
