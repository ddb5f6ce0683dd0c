// A future, also called a promise: its task begins, it settles once with a
// value or an error, and its task ends. A monitor: one mutex guards all
// futures, and the threads that wait for a future sleep on one condition.
//
// What the task wrote before it settled happens before what a thread does after
// its await, because both have held the mutex in between.
#include "base/base.h"

#include "plain_future.h"

#include "condition.h"

pthread_mutex_t futures_mutex = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t futures_changed;
size_t futures_settled;

static void make_condition(void)
{
    condition_init(&futures_changed);
}

void futures_lock(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    must(pthread_once(&once, make_condition));
    must(pthread_mutex_lock(&futures_mutex));
}

void futures_unlock(void)
{
    must(pthread_mutex_unlock(&futures_mutex));
}

Future *future_make(void (*run)(Task *self), const void *args, size_t size)
{
    Future *future = must_calloc(1, size_sum(sizeof *future, size));
    future->run = run;
    future->size = size;
    if (size > 0)
        memcpy(future->args, args, size);
    return future;
}

// The look and the change are one step, because the caller holds the mutex. So
// of the threads that come to run the task or to cancel it, one wins.
bool future_begin(Future *future)
{
    bool first = !future->begun;
    future->begun = true;
    if (first && future->pool)
        list_remove(&future->pool->tasks, &future->node);
    return first;
}

// Broadcast, and not signal: the threads that wait for this future, and those
// that wait for other futures, sleep on the same condition.
void future_settle(Future *future, Value value, Text text)
{
    if (future->settled > 0) {
        text_free(&text);
        return;
    }
    if (value_has_bytes(value)) {
        value.bytes = text.at;
        value.size = text.size;
    }
    future->value = value;
    future->settled = ++futures_settled;
    must(pthread_cond_broadcast(&futures_changed));
}

void future_fail(Future *future, const char *format, va_list args)
{
    Text text = { 0 };
    text_add_args(&text, format, args);
    future_settle(future, (Value){ .type = VALUE_ERROR }, text);
}

// Three groups may wait for this: threads that join, threads that await a task
// that returned nothing, and the threads of a pool that is ending.
void future_end(Future *future)
{
    future_settle(future, value_none(), (Text){ 0 });
    future->ended = true;
    if (future->pool && --future->pool->unfinished == 0)
        must(pthread_cond_broadcast(&future->pool->changed));
    must(pthread_cond_broadcast(&futures_changed));
}
