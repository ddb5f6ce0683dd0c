// A future, also called a promise: its task begins, it settles once with a
// value or an error, and its task ends. A monitor: one mutex guards all
// futures, and the threads that wait for a future sleep on one condition.
#include "base/base.h"

#include "plain_future.h"

#include "base/text.h"
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

bool future_begin(Future *future)
{
    bool first = !future->begun;
    future->begun = true;
    if (first && future->pool)
        list_remove(&future->pool->tasks, &future->node);
    return first;
}

// The text is the future's from now on: of a value that has text or bytes, or
// of an error.
//
// Broadcast, and not signal: the threads that wait for this future, and those
// that wait for other futures, sleep on the same condition.
static void settle(Future *future, Value value, Text text)
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

void task_return(Task *self, Value value)
{
    Text copy = { 0 };
    if (value_has_bytes(value))
        text_add_bytes(&copy, value.bytes, value.size);
    futures_lock();
    settle(self->future, value, copy);
    futures_unlock();
}

void future_fail(Future *future, const char *format, va_list args)
{
    Text text = { 0 };
    text_add_args(&text, format, args);
    settle(future, (Value){ .type = VALUE_ERROR }, text);
}

void task_return_error(Task *self, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    futures_lock();
    future_fail(self->future, format, args);
    futures_unlock();
    va_end(args);
}

void future_end(Future *future)
{
    settle(future, value_none(), (Text){ 0 });
    future->ended = true;
    if (future->pool && --future->pool->unfinished == 0)
        must(pthread_cond_broadcast(&future->pool->changed));
    must(pthread_cond_broadcast(&futures_changed));
}

// A task may end its thread with pthread_exit, if the thread is its own.
static void end_thread(void *arg)
{
    Future *future = arg;
    if (future->pool)
        die("a task ended a thread of its pool");
    futures_lock();
    future_end(future);
    futures_unlock();
}

void future_run_begun(Future *future)
{
    void *args = future->size > 0 ? future->args : NULL;
    pthread_cleanup_push(end_thread, future);
    future->run(&(Task){ args, future->size, future });
    pthread_cleanup_pop(0);
    futures_lock();
    future_end(future);
    futures_unlock();
}
