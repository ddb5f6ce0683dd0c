// Waiting for one future, for all of some, or for any of them: the calling
// thread enrols with each, sleeps once, and withdraws from each.
#define IN_COMMON
#include <stdlib.h>

#include "future_parts.h"

// What one thread waits for: all of some futures, or any of them.
struct Gathering {
    bool any;
    Waiter waiter;
    Lock lock;         // guards all below
    size_t pending;    // futures that have not settled
    Future *failed;    // the first that did, or NULL
    Future *returned;  // likewise
};

static bool is_complete(const Gathering *gathering)
{
    return gathering->pending == 0 ||
           (gathering->any ? gathering->returned : gathering->failed) != NULL;
}

void gathering_note(Gathering *gathering, Future *future)
{
    lock_acquire(&gathering->lock);
    gathering->pending--;
    Future **first = future->value.type == VALUE_ERROR ? &gathering->failed
                                                       : &gathering->returned;
    if (*first == NULL)
        *first = future;
    if (is_complete(gathering))
        waiter_wake(&gathering->waiter);
    lock_release(&gathering->lock);
}

static void enroll(Future *future, WaitNode *node, Gathering *gathering)
{
    lock_acquire(&future->lock);
    if (future->settled) {
        node->listed = false;
        gathering_note(gathering, future);
    } else {
        wait_list_add(&future->awaiting, node, &gathering->waiter, gathering);
    }
    lock_release(&future->lock);
}

static void withdraw(Future *future, WaitNode *node)
{
    lock_acquire(&future->lock);
    wait_list_remove(&future->awaiting, node);
    lock_release(&future->lock);
}

static bool has_completed(Gathering *gathering)
{
    lock_acquire(&gathering->lock);
    bool complete = is_complete(gathering);
    lock_release(&gathering->lock);
    return complete;
}

// Only as long as there is something to wait for: what others wait for may
// never end before we return.
static void help(Gathering *gathering, Future *futures[], size_t count,
                 Deadline deadline)
{
    for (size_t i = 0; i < count && !has_completed(gathering); i++)
        future_help(futures[i], deadline);
}

// Waits until the gathering is complete. What was gathered is then final.
static WaitResult gather(Gathering *gathering, Future *futures[], size_t count,
                         Deadline deadline)
{
    WaitNode one;
    WaitNode *nodes = &one;
    if (count > 1)
        nodes = must_malloc(count * sizeof *nodes);
    gathering->pending = count;

    for (size_t i = 0; i < count; i++)
        enroll(futures[i], &nodes[i], gathering);
    help(gathering, futures, count, deadline);
    if (count > 0)
        waiter_sleep(&gathering->waiter, deadline);
    for (size_t i = 0; i < count; i++)
        withdraw(futures[i], &nodes[i]);

    if (count > 1)
        free(nodes);
    return is_complete(gathering) ? WAIT_OK : WAIT_TIMED_OUT;
}

WaitResult future_await_by(Future *future, Value *value, Deadline deadline)
{
    Gathering gathering = { 0 };
    WaitResult result = gather(&gathering, &future, 1, deadline);
    if (result == WAIT_OK)
        *value = future->value;
    return result;
}

Value future_await(Future *future)
{
    Value value = value_none();
    future_await_by(future, &value, DEADLINE_NEVER);
    return value;
}

WaitResult future_await_all_by(Future *futures[], size_t count, Value values[],
                               const char **error, Deadline deadline)
{
    Gathering gathering = { 0 };
    if (gather(&gathering, futures, count, deadline) != WAIT_OK)
        return WAIT_TIMED_OUT;
    *error = gathering.failed ? gathering.failed->value.text : NULL;
    for (size_t i = 0; values && !*error && i < count; i++)
        values[i] = futures[i]->value;
    return WAIT_OK;
}

const char *future_await_all(Future *futures[], size_t count, Value values[])
{
    const char *error = NULL;
    future_await_all_by(futures, count, values, &error, DEADLINE_NEVER);
    return error;
}

static size_t index_of(Future *futures[], size_t count, const Future *future)
{
    size_t i = 0;
    while (i < count && futures[i] != future)
        i++;
    return i;
}

WaitResult future_await_any_by(Future *futures[], size_t count, size_t *index,
                               Deadline deadline)
{
    Gathering gathering = { .any = true };
    if (gather(&gathering, futures, count, deadline) != WAIT_OK)
        return WAIT_TIMED_OUT;
    *index = index_of(futures, count, gathering.returned);
    return WAIT_OK;
}

size_t future_await_any(Future *futures[], size_t count)
{
    size_t index = count;
    future_await_any_by(futures, count, &index, DEADLINE_NEVER);
    return index;
}
