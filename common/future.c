#define IN_COMMON
#include "future_parts.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

static Future *future_new(void (*run)(Task *self), const void *args,
                          size_t size)
{
    Future *future = must_calloc(1, sizeof *future + size);
    future->run = run;
    future->owners = 1;
    future->task = (Task){ size > 0 ? future->args : NULL, size, future };
    if (size > 0)
        memcpy(future->args, args, size);
    return future;
}

void future_release(Future *future)
{
    lock_acquire(&future->lock);
    bool last = --future->owners == 0;
    lock_release(&future->lock);
    if (!last)
        return;
    if (value_has_bytes(future->value))
        free((void *)future->value.bytes);
    free(future);
}

// Settling.

// The value becomes the future's, unless it has settled before.
static void settle(Future *future, Value own_value)
{
    lock_acquire(&future->lock);
    bool first = !future->settled;
    if (first) {
        future->value = own_value;
        future->settled = true;
        while (future->awaiting.first) {
            WaitNode *node = future->awaiting.first;
            wait_list_remove(&future->awaiting, node);
            gathering_note(node->what, future);
        }
    }
    lock_release(&future->lock);
    if (!first && value_has_bytes(own_value))
        free((void *)own_value.bytes);
}

static void settle_with_error(Future *future, const char *prefix,
                              const char *format, va_list args)
{
    Text text = { 0 };
    text_add(&text, "%s", prefix);
    text_add_args(&text, format, args);
    settle(future,
           (Value){ .type = VALUE_ERROR, .text = text.at, .size = text.size });
}

static void fail(Future *future, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    settle_with_error(future, "", format, args);
    va_end(args);
}

void task_return(Task *self, Value value)
{
    if (value_has_bytes(value)) {
        Text copy = { 0 };
        text_add_bytes(&copy, value.bytes, value.size);
        value.bytes = copy.at;
    }
    settle(self->future, value);
}

void task_fail(Task *self, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    settle_with_error(self->future, "Thread ", format, args);
    va_end(args);
}

// Running.

// Decides between all who would run or cancel it: true for one of them only,
// who owns the future too until the end.
static bool begin(Future *future)
{
    lock_acquire(&future->lock);
    bool ours = !future->begun;
    if (ours) {
        future->begun = true;
        future->owners++;
    }
    lock_release(&future->lock);
    return ours;
}

// However the task ends, by return or pthread_exit.
static void end(void *arg)
{
    Future *future = arg;
    settle(future, value_none());
    lock_acquire(&future->lock);
    future->ended = true;
    wait_list_dismiss(&future->joining);
    Pool *pool = future->pool;
    lock_release(&future->lock);
    if (pool)
        pool_note_end(pool);
    future_release(future);
}

void future_run(Future *future)
{
    if (!begin(future))
        return;
    pthread_cleanup_push(end, future);
    future->run(&future->task);
    pthread_cleanup_pop(1);
}

static void *run_in_thread(void *arg)
{
    thread_set_name("task");
    future_run(arg);
    return NULL;
}

Future *future_start(void (*run)(Task *self), const void *args, size_t size)
{
    Future *future = future_new(run, args, size);
    int error = thread_start(&future->thread, run_in_thread, future);
    future->has_thread = error == 0;
    if (error != 0) {
        begin(future);
        fail(future, "no thread could be started: %s", strerror(error));
        end(future);
    }
    return future;
}

Future *future_new_pooled(Pool *pool, void (*run)(Task *self), const void *args,
                          size_t size)
{
    Future *future = future_new(run, args, size);
    future->pool = pool;
    future->owners = 2;
    return future;
}

void future_help(Future *future, Deadline deadline)
{
    if (future->pool && deadline.ns == DEADLINE_NEVER.ns)
        future_run(future);
}

bool future_cancel(Future *future)
{
    bool ours = begin(future);
    if (ours) {
        fail(future, "cancelled");
        end(future);
    }
    return ours;
}

// Joining.

static void wait_for_end(Future *future)
{
    lock_acquire(&future->lock);
    while (!future->ended)
        wait_list_wait(&future->joining, &future->lock, NULL, DEADLINE_NEVER);
    lock_release(&future->lock);
}

void future_join(Future *future)
{
    future_help(future, DEADLINE_NEVER);
    if (future->has_thread)
        must(pthread_join(future->thread, NULL));
    else
        wait_for_end(future);
    future_release(future);
}

void future_join_all(Future *futures[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        future_join(futures[i]);
}
