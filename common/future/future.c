#include "base/base.h"
#include "future_internal.h"

#include <stdarg.h>

#include "base/text.h"
#include "thread_cache.h"

Future *future_new(void (*run)(Task *self), const void *args, size_t size)
{
    Future *future = future_allocate(size);
    future->run = run;
    future->size = size;
    future->bag = NULL;
    future->watches = NULL;
    atomic_init(&future->state, RUNNER);
    if (size > 0)
        memcpy(future->args, args, size);
    return future;
}

// Settling. Only the thread that has begun the task does.

static unsigned state_now(const Future *future)
{
    return atomic_load_explicit(&future->state, memory_order_relaxed);
}

// The value becomes the future's, which has none yet.
static void settle(Future *future, Value own_value)
{
    future->value = own_value;
    TRACED(settle(future, &future->value));
    unsigned before = state_now(future);
    if (before & UNSHARED) {
        atomic_store_explicit(&future->state, before | SETTLED,
                              memory_order_relaxed);
        return;
    }
    before = atomic_fetch_add_explicit(&future->state, SETTLED,
                                       memory_order_release);
    if (before & AWAITED)
        future_tell(future, AWAITED);
}

void future_settle_silently(Future *future)
{
    if (!(state_now(future) & SETTLED))
        settle(future, value_none());
}

static void settle_with_error(Future *future, const char *format, va_list args)
{
    Text text = { 0 };
    text_add_args(&text, format, args);
    settle(future,
           (Value){ .type = VALUE_ERROR, .text = text.at, .size = text.size });
}

static void fail(Future *future, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    settle_with_error(future, format, args);
    va_end(args);
}

void task_return(Task *self, Value value)
{
    if (state_now(self->future) & SETTLED)
        return;
    if (value_has_bytes(value)) {
        Text copy = { 0 };
        text_add_bytes(&copy, value.bytes, value.size);
        value.bytes = copy.at;
    }
    settle(self->future, value);
}

void task_return_error(Task *self, const char *format, ...)
{
    if (state_now(self->future) & SETTLED)
        return;
    va_list args;
    va_start(args, format);
    settle_with_error(self->future, format, args);
    va_end(args);
}

// Running.

void future_run(Future *future)
{
    Task task = { future->size > 0 ? future->args : NULL, future->size,
                  future };
    TRACED(run(future));
    future->run(&task);
    future_settle_silently(future);
    TRACED(ran());
}

void future_run_at_once(Future *future)
{
    atomic_store_explicit(&future->state, BEGUN | UNSHARED | RUNNER,
                          memory_order_relaxed);
    future_run(future);
    atomic_store_explicit(&future->state, BEGUN | SETTLED,
                          memory_order_relaxed);
}

static bool begin(Future *future)
{
    unsigned before =
        atomic_fetch_or_explicit(&future->state, BEGUN, memory_order_relaxed);
    return !(before & BEGUN);
}

void future_run_unless_begun(Future *future)
{
    if (begin(future))
        future_run(future);
}

void future_leave(Future *future)
{
    // Release: all that we did with it comes before its end. After that it may
    // be gone, but not if somebody waits on the list, who stays until told.
    unsigned before =
        atomic_fetch_sub_explicit(&future->state, RUNNER, memory_order_acq_rel);
    if ((before & JOINED) && before < 2 * RUNNER)
        future_tell(future, JOINED);
}

Future *future_start(void (*run)(Task *self), const void *args, size_t size)
{
    Future *future = future_new(run, args, size);
    TRACED(start_task(future));
    int error = thread_cache_run(future);
    if (error != 0) {
        begin(future);
        TRACED(cancel(future));
        fail(future, "no thread could be started: %s", error_text(error));
        future_leave(future);
    }
    return future;
}

bool future_help(Future *future)
{
    TaskBag *bag = future->bag;
    unsigned place = future->place;
    if (bag == NULL || !task_bag_take_back(bag, place, future))
        return false;
    future_run(future);
    // It has ended. A store will do: nobody joins it while we await it, and
    // who sets AWAITED just now sees that it has settled.
    atomic_store_explicit(&future->state, SETTLED, memory_order_release);
    task_bag_clear(bag, place);
    return true;
}

// Cancelling and joining.

// Begins the task, to keep it from running.
static bool begin_instead(Future *future)
{
    if (future->bag)
        return task_bag_take_back(future->bag, future->place, future);
    if (state_now(future) & BEGUN)
        return false;
    // Two of us: the thread that was found for it comes to it yet.
    atomic_fetch_add_explicit(&future->state, RUNNER, memory_order_relaxed);
    if (begin(future))
        return true;
    future_leave(future);
    return false;
}

bool future_cancel(Future *future)
{
    must_exist(future, "future_cancel", FUTURE_IS_NULL);
    TaskBag *bag = future->bag;
    unsigned place = future->place;
    if (!begin_instead(future))
        return false;
    TRACED(cancel(future));
    fail(future, "cancelled");
    future_leave(future);
    if (bag)
        task_bag_clear(bag, place);
    return true;
}

static void join(Future **joined, const char *call)
{
    Future *future = joined ? *joined : NULL;
    must_exist(future, call, FUTURE_IS_NULL);
    if (!future_has_ended(future) && !future_help(future))
        future_wait_for_end(future);
    TRACED(join_task(future));
    value_free(&future->value);
    future_free(future);
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
