// A task: it runs in the thread that has begun it, returns a value or an error,
// and ends. The mutex is not held while it runs: that may take long, and the
// task may call the library.
#include "base/base.h"

#include "plain_future.h"

// The copy is made before the mutex is taken. The first result counts; a second
// one is dropped by future_settle.
void task_return(Task *self, Value value)
{
    Text copy = { 0 };
    if (value_has_bytes(value))
        text_add_bytes(&copy, value.bytes, value.size);
    futures_lock();
    future_settle(self->future, value, copy);
    futures_unlock();
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

// The mutex is released while the task runs. So much may have changed when the
// call returns, and the caller has to look at its predicate again.
bool future_help(Future *future)
{
    if (future->pool == NULL || !future_begin(future))
        return false;
    futures_unlock();
    future_run_begun(future);
    futures_lock();
    return true;
}
