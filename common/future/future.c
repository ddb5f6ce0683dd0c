// Read plain/plain_future.c first; this does the same without a lock on the
// way, because a task may take less time than a contended lock. One state word
// (future_internal.h) says how far the task is, and each step is one atomic
// change of it.
#include "base/base.h"
#include "future_internal.h"

#include <stdarg.h>

#include "base/text.h"

Future *future_new(void (*run)(Task *self), const void *args, size_t size)
{
    Future *future = future_allocate(size);
    future->run = run;
    future->size = size;
    future->pool = NULL;
    future->forks = process_forks();
    future->waiters = NULL;
    atomic_init(&future->state, RUNNER);
    if (size > 0)
        memcpy(future->args, args, size);
    return future;
}

// Settling, by the thread that has begun the task.

static unsigned state_now(const Future *future)
{
    return atomic_load_explicit(&future->state, memory_order_relaxed);
}

// The future gets the value and owns its text or bytes. A thread that registers
// after this sees SETTLED, and does not sleep.
static void settle(Future *future, Value value)
{
    future->value = value;
    TRACED(settle(future, &future->value));
    unsigned before = atomic_fetch_add_explicit(&future->state, SETTLED,
                                                memory_order_release);
    if (before & AWAITED)
        future_tell(future, AWAITED);
}

void task_return(Task *self, Value value)
{
    if (state_now(self->future) & SETTLED)
        return;
    // Not by value_has_bytes, which takes a copy: measured, a tenth of the time
    // of a small task.
    if (value.type == VALUE_TEXT || value.type == VALUE_BYTES ||
        value.type == VALUE_ERROR) {
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
    Text text = { 0 };
    va_list args;
    va_start(args, format);
    text_add_args(&text, format, args);
    va_end(args);
    settle(self->future,
           (Value){ .type = VALUE_ERROR, .text = text.at, .size = text.size });
}

// Running.

// The tasks that one thread is in: a task that awaits may run another one
// (helping). A stack, linked through the frames of future_run.
typedef struct Running {
    Task task;
    struct Running *outer;
    uintptr_t stack;  // the address from which its use is counted
} Running;

static _Thread_local Running *innermost;

// Not the address of a variable: AddressSanitizer may have moved that.
static uintptr_t stack_now(void)
{
    return (uintptr_t)__builtin_frame_address(0);
}

// A compare-and-swap loop. Relaxed suffices: the start of the task is ordered
// before this by the lock of a list, or by the way in which the caller got the
// future.
bool future_begin(Future *future, unsigned more)
{
    unsigned before = state_now(future);
    while (!(before & BEGUN)) {
        if (atomic_compare_exchange_weak_explicit(&future->state, &before,
                                                  before + BEGUN + more,
                                                  memory_order_relaxed,
                                                  memory_order_relaxed))
            return true;
    }
    return false;
}

void future_run(Future *future)
{
    Running *outer = innermost;
    Running self = { { future->size > 0 ? future->args : NULL, future->size,
                       future },
                     outer,
                     outer ? outer->stack : stack_now() };
    innermost = &self;
    TRACED(run(future));
    future->run(&self.task);
    if (!(state_now(future) & SETTLED))
        settle(future, value_none());
    innermost = outer;
    TRACED(ran());
}

void future_end_early(Future *future)
{
    innermost = NULL;  // the frames are gone
    if (!(state_now(future) & SETTLED))
        settle(future, value_none());
}

// Release: all that this party did with the future happens-before its end. The
// last party may find the future freed afterwards, except with JOINED: a thread
// on the list stays there until it is told.
void future_leave(Future *future)
{
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
        future_begin(future, 0);
        TRACED(cancel(future));
        task_return_error(&(Task){ .future = future },
                          "no thread could be started: %s", error_text(error));
        future_leave(future);
    }
    return future;
}

// Helping.

typedef struct Help {
    Future *future;
    bool helped;
} Help;

static void help(Task *self)
{
    Help *asked = *(Help *const *)self->args;
    asked->helped = future_help(asked->future);
}

// Has another thread help. Returns false if no thread could be started.
static bool help_elsewhere(Help *asked)
{
    Future *helper = future_start(help, &asked, sizeof asked);
    bool started = future_await(helper).type != VALUE_ERROR;
    future_join(&helper);
    return started;
}

// Whether the tasks of this thread have used a quarter of a stack. Counted in
// both directions, because a stack may grow in either.
static bool is_deep(void)
{
    if (innermost == NULL)
        return false;
    uintptr_t now = stack_now();
    uintptr_t down = innermost->stack - now, up = now - innermost->stack;
    return (down < up ? down : up) > thread_stack_size() / 4;
}

// A chain of tasks, each of which awaits the next one, nests a help in a help.
// So that no stack overflows, a deep thread has another thread help, which has
// its whole stack. If there is none, it goes on to the next quarter.
bool future_help(Future *future)
{
    Pool *pool = future->pool;
    if (pool == NULL || (state_now(future) & BEGUN) ||
        future_is_parents(future))
        return false;
    Help asked = { future, false };
    if (is_deep()) {
        if (help_elsewhere(&asked))
            return asked.helped;
        innermost->stack = stack_now();
    }
    if (!pool_begin(pool, future))
        return false;
    future_run(future);
    // A plain store, for future_leave. Only a thread that registers as AWAITED
    // could change the word now, and it sees SETTLED: its bit may be lost. No
    // thread joins a future that this one awaits.
    atomic_store_explicit(&future->state, BEGUN | SETTLED,
                          memory_order_release);
    pool_end(pool);
    return true;
}

// Cancelling and joining.

bool future_cancel(Future *future)
{
    must_exist(future, "future_cancel", FUTURE_IS_NULL);
    // A pool's task is off the pool's list then. Without a pool there is a
    // second party: the thread that was found for the task comes to it yet. (In
    // a child of fork a parent's future has neither, and needs none to end.)
    Pool *pool = future_is_parents(future) ? NULL : future->pool;
    if (pool ? !pool_begin(pool, future) : !future_begin(future, RUNNER))
        return false;
    TRACED(cancel(future));
    task_return_error(&(Task){ .future = future }, "cancelled");
    future_leave(future);
    if (pool)
        pool_end(pool);
    return true;
}

static void join(Future **joined, const char *call)
{
    Future *future = joined ? *joined : NULL;
    must_exist(future, call, FUTURE_IS_NULL);
    // A parent's task never ends here: its value is enough.
    bool ended = future_has_ended(future) ||
                 (future_is_parents(future) && future_has_settled(future));
    if (!ended && !future_help(future)) {
        future_must_be_ours(future, call);
        future_wait_for_end(future);
    }
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

// fork.

void future_must_be_ours(const Future *future, const char *call)
{
    if (future_is_parents(future))
        die("%s: this future's task runs in the process that started it; a "
            "child of fork cannot wait for it",
            call);
}

#ifndef FEW_TRIES

// In the child, before it has a second thread and after each pool was emptied
// (fork.c). The tasks that the forking thread is in go on here, so their
// futures become the child's own, and their pools' tasks that have begun.
static void in_child(void) LOCKS_UNCHECKED
{
    thread_cache_in_child();
    future_waiters_in_child();
    for (Running *running = innermost; running; running = running->outer) {
        Future *future = running->task.future;
        future->forks = process_forks();
        future->waiters = NULL;
        if (future->pool)
            future->pool->begun++;
    }
}

__attribute__((constructor)) static void prepare(void)
{
    fork_in_child(in_child);
}

#endif
