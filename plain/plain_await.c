// Waiting for futures: for all of some, or for any of them; for one future is
// for all of one. Each wait is one predicate loop: look at all of them under
// the mutex, sleep, and look again.
#include "base/base.h"

#include "condition.h"
#include "plain_future.h"

typedef enum Kind { ALL, ANY } Kind;

// What one call waits for, and the index of the future that decided, or count.
typedef struct Await {
    Kind kind;
    Future *const *futures;
    size_t count;
    size_t before;  // how many futures had settled when the call began
    size_t first;
} Await;

// Looks at the futures once: is the wait over? An error decides for all of
// them, a value for any of them, and then the future that settled first counts.
// All that had settled before the call count as one moment.
static bool is_over(Await *self)
{
    size_t settled = 0, best = SIZE_MAX;
    for (size_t i = 0; i < self->count; i++) {
        const Future *future = self->futures[i];
        if (future->settled == 0)
            continue;
        settled++;
        size_t moment = future->settled > self->before ? future->settled : 0;
        bool is_error = future->value.type == VALUE_ERROR;
        if (is_error == (self->kind == ALL) && moment < best) {
            best = moment;
            self->first = i;
        }
    }
    return best < SIZE_MAX || settled == self->count;
}

// A thread that waits without a deadline runs a task of a pool that has not
// begun (helping). So tasks that await tasks of their own pool cannot deadlock.
static bool help_one(const Await *self)
{
    for (size_t i = 0; i < self->count; i++)
        if (future_help(self->futures[i]))
            return true;
    return false;
}

static WaitResult await(Kind kind, Future *const futures[], size_t count,
                        size_t *first, Deadline deadline, const char *call)
{
    for (size_t i = 0; i < count; i++)
        must_exist(futures[i], call, FUTURE_IS_NULL);
    bool over, in_time = true;
    bool may_help = deadline.ns == DEADLINE_NEVER.ns;
    futures_lock();
    Await self = { kind, futures, count, futures_settled, count };
    while (!(over = is_over(&self)) && in_time)
        if (!may_help || !help_one(&self))
            in_time =
                condition_wait(&futures_changed, &futures_mutex, deadline);
    futures_unlock();
    *first = self.first;
    return over ? WAIT_OK : WAIT_TIMED_OUT;
}

// A future that has settled does not change again, so its value may be read
// without the mutex.
static WaitResult await_one(Future *future, Value *value, Deadline deadline,
                            const char *call)
{
    size_t first;
    WaitResult result = await(ALL, &future, 1, &first, deadline, call);
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

static WaitResult await_all(Future *futures[], size_t count, Value values[],
                            Value *result, Deadline deadline, const char *call)
{
    size_t first;
    if (await(ALL, futures, count, &first, deadline, call) != WAIT_OK)
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

static WaitResult await_any(Future *futures[], size_t count, Value *value,
                            size_t *index, Deadline deadline, const char *call)
{
    size_t first;
    if (await(ANY, futures, count, &first, deadline, call) != WAIT_OK)
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
