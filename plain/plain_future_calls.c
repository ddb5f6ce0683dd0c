// Starting, cancelling and joining a future. The task of future_start gets a
// thread of its own: pthread_create makes it, and future_join joins it. The
// fast version keeps the threads of ended tasks for the next tasks (cached
// threads).
#include "base/base.h"

#include "os/os.h"
#include "plain_future.h"

// The thread of a task that was cancelled before it began has nothing to do.
static void *run_unless_begun(void *arg)
{
    futures_lock();
    bool begun = future_begin(arg);
    futures_unlock();
    if (begun)
        future_run_begun(arg);
    return NULL;
}

// Settles a future with an error. Its task will never begin.
static void give_up(Future *future, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    future_fail(future, format, args);
    future_end(future);
    va_end(args);
}

Future *future_start(void (*run)(Task *self), const void *args, size_t size)
{
    Future *future = future_make(run, args, size);
    int error = thread_start(&future->thread, run_unless_begun, future);
    future->has_thread = error == 0;
    if (error != 0) {
        futures_lock();
        future_begin(future);
        give_up(future, "no thread could be started: %s", error_text(error));
        futures_unlock();
    }
    return future;
}

// To cancel is to begin in the task's place. A task that has begun is not
// cancelled: no thread can stop another one in a safe way.
bool future_cancel(Future *future)
{
    must_exist(future, "future_cancel", FUTURE_IS_NULL);
    futures_lock();
    bool begun = future_begin(future);
    if (begun)
        give_up(future, "cancelled");
    futures_unlock();
    return begun;
}

// pthread_join waits for the thread's end. A pool's task has no thread to join,
// so the task sets `ended`, as the last thing: after that no other thread
// touches the future, and it may be freed. The loop is for spurious wake-ups,
// and for broadcasts that concern other futures.
static void join(Future **joined, const char *call)
{
    Future *future = joined ? *joined : NULL;
    must_exist(future, call, FUTURE_IS_NULL);
    if (future->has_thread) {
        must(pthread_join(future->thread, NULL));
    } else {
        futures_lock();
        future_help(future);
        while (!future->ended)
            must(pthread_cond_wait(&futures_changed, &futures_mutex));
        futures_unlock();
    }
    value_free(&future->value);
    free(future);
    *joined = NULL;
}

void future_join(Future **future)
{
    join(future, "future_join");
}

void future_join_all(Future *futures[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        join(&futures[i], "future_join_all");
}
