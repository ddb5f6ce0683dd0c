#define IN_COMMON
#include "future.h"

#include <pthread.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "wait_list.h"

struct Future {
    Task task;
    void (*run)(Task *self);
    pthread_t thread;  // the starter's alone, like has_thread
    bool has_thread;
    bool pooled;
    Lock lock;          // guards all below
    bool begun;         // its task runs, has run, or never will
    bool settled;       // then value changes no more, and needs no lock
    bool ended;         // its task will not touch the future again
    int owners;
    Value value;        // its text or bytes are our own copy
    WaitList awaiting;  // until it settles; their `what` is a Gathering
    WaitList joining;   // until it has ended
    alignas(max_align_t) char args[];
};

static Future *future_new(void (*run)(Task *self), const void *args,
                          size_t size)
{
    Future *future = must_calloc(1, sizeof *future + size);
    future->run = run;
    future->owners = 1;
    future->task = (Task){ size > 0 ? future->args : NULL, size, future };
    if (size > 0)
        memcpy(future->args, args, size);
    lock_init(&future->lock);
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
    lock_destroy(&future->lock);
    free(future);
}

// What one thread waits for: all of some futures, or any of them.
typedef struct Gathering {
    bool any;
    Waiter waiter;
    Lock lock;         // guards all below
    size_t pending;    // futures that have not settled
    Future *failed;    // the first that did, or NULL
    Future *returned;  // likewise
} Gathering;

static bool is_complete(const Gathering *gathering)
{
    return gathering->pending == 0 ||
           (gathering->any ? gathering->returned : gathering->failed) != NULL;
}

// Counts a future that has settled.
static void note(Gathering *gathering, Future *future)
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
            note(node->what, future);
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
    settle(future, (Value){ .type = VALUE_ERROR,
                            .text = text.at,
                            .size = text.size });
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

// Decides between all who would run or cancel it: true for one of them only.
static bool begin(Future *future)
{
    lock_acquire(&future->lock);
    bool ours = !future->begun;
    future->begun = true;
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
    lock_release(&future->lock);
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

Future *future_new_pooled(void (*run)(Task *self), const void *args,
                          size_t size)
{
    Future *future = future_new(run, args, size);
    future->pooled = true;
    future->owners = 2;
    return future;
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

// Awaiting.

static void enroll(Future *future, WaitNode *node, Gathering *gathering)
{
    lock_acquire(&future->lock);
    if (future->settled) {
        node->listed = false;
        note(gathering, future);
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

// Waits until the gathering is complete. What was gathered is then final.
static WaitResult gather(Gathering *gathering, Future *futures[], size_t count,
                         Deadline deadline)
{
    WaitNode one;
    WaitNode *nodes = &one;
    if (count > 1)
        nodes = must_malloc(count * sizeof *nodes);
    waiter_init(&gathering->waiter);
    lock_init(&gathering->lock);
    gathering->pending = count;

    for (size_t i = 0; i < count; i++)
        enroll(futures[i], &nodes[i], gathering);
    if (count > 0)
        waiter_sleep(&gathering->waiter, deadline);
    for (size_t i = 0; i < count; i++)
        withdraw(futures[i], &nodes[i]);

    if (count > 1)
        free(nodes);
    lock_destroy(&gathering->lock);
    waiter_destroy(&gathering->waiter);
    return is_complete(gathering) ? WAIT_OK : WAIT_TIMED_OUT;
}

// Rather than wait for a pool's thread, run here what none has begun.
static void help(Future *future, Deadline deadline)
{
    if (future->pooled && deadline.ns == DEADLINE_NEVER.ns)
        future_run(future);
}

static void help_all(Future *futures[], size_t count, Deadline deadline)
{
    for (size_t i = 0; i < count; i++)
        help(futures[i], deadline);
}

WaitResult future_await_by(Future *future, Value *value, Deadline deadline)
{
    help(future, deadline);
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
    help_all(futures, count, deadline);
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

static bool has_returned(Future *future)
{
    lock_acquire(&future->lock);
    bool returned = future->settled && future->value.type != VALUE_ERROR;
    lock_release(&future->lock);
    return returned;
}

static void help_until_returned(Future *futures[], size_t count,
                                Deadline deadline)
{
    for (size_t i = 0; i < count; i++) {
        help(futures[i], deadline);
        if (has_returned(futures[i]))
            return;
    }
}

WaitResult future_await_any_by(Future *futures[], size_t count, size_t *index,
                               Deadline deadline)
{
    help_until_returned(futures, count, deadline);
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

// Joining.

static void wait_for_end(Future *future)
{
    Waiter waiter;
    WaitNode node = { .listed = false };
    waiter_init(&waiter);
    lock_acquire(&future->lock);
    if (!future->ended)
        wait_list_add(&future->joining, &node, &waiter, NULL);
    bool waits = node.listed;
    lock_release(&future->lock);
    if (waits)
        waiter_sleep(&waiter, DEADLINE_NEVER);
    // Whoever woke us did so under this lock, and is done with the waiter.
    lock_acquire(&future->lock);
    lock_release(&future->lock);
    waiter_destroy(&waiter);
}

void future_join(Future *future)
{
    help(future, DEADLINE_NEVER);
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
