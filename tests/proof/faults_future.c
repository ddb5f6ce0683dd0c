// future.h under faults. A thread that cannot be started at first is started a
// moment later. When none can be, a future has an error, and the rest goes on.
#include "future.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "atomics.h"
#include "faults.h"

static const char no_thread[] =
    "no thread could be started: Resource temporarily unavailable";

// Whether the value is the error of a task that found no thread, in a round in
// which there were no more.
static bool has_no_thread(Value value)
{
    return fault_lasts() && value.type == VALUE_ERROR &&
           strcmp(value.text, no_thread) == 0;
}

static void twice(Task *self)
{
    const int *number = self->args;
    task_return(self, value_int(2 * *number));
}

static void say(Task *self)
{
    const char *text = self->args;
    task_return(self, value_text(text));
}

static void fail(Task *self)
{
    task_return_error(self, "%0*d has failed", (int)self->size, 1);
}

static void check_int(Future *future, long long integer)
{
    Value value = future_await(future);
    if (!has_no_thread(value))
        CHECK_INT(value.integer, integer);
    future_join(&future);
}

static void check_text(Future *future, ValueType type, const char *text)
{
    Value value;
    CHECK(future_await_until(future, &value, DEADLINE_NEVER) == WAIT_OK);
    if (!has_no_thread(value)) {
        CHECK_INT(value.type, type);
        CHECK_TEXT(value.text, text);
    }
    future_join(&future);
}

static void start_one_after_the_other(void)
{
    check_int(future_start(twice, &(int){ 21 }, sizeof(int)), 42);
    check_text(future_start(say, "Hello!", 7), VALUE_TEXT, "Hello!");
    check_text(future_start(fail, "five", 5), VALUE_ERROR, "00001 has failed");
    char many[1000] = "more than are kept";
    check_text(future_start(say, many, sizeof many), VALUE_TEXT, many);
}

TEST(one, "a future, and one more")
{
    try_faults(start_one_after_the_other,
               (FaultOptions){ .threads_may_fail = true });
}

// Tasks that run at the same time, and end when they are told to.

static void wait_for_word(Task *self)
{
    _Atomic int32_t *word = *(_Atomic int32_t *const *)self->args;
    atomics_wait(word, 0);
    task_return(self, value_int(atomic_load(word)));
}

enum { TASKS = 3 };

static void start_all(Future *futures[TASKS], _Atomic int32_t *word)
{
    atomic_store(word, 0);
    for (int i = 0; i < TASKS; i++)
        futures[i] = future_start(wait_for_word, &word, sizeof word);
}

static void let_go(_Atomic int32_t *word)
{
    atomic_store(word, 1);
    atomics_notify(word, ATOMICS_ALL);
}

static void await_all(void)
{
    _Atomic int32_t word;
    Future *futures[TASKS];
    Value values[TASKS];
    Value result = value_none();
    start_all(futures, &word);
    WaitResult settled = future_await_all_until(futures, TASKS, values, &result,
                                                deadline_in_ms(1));
    // One that has failed decides.
    CHECK(settled == WAIT_TIMED_OUT ||
          (fault_lasts() && strcmp(result.text, no_thread) == 0));
    let_go(&word);
    result = future_await_all(futures, TASKS, values);
    if (result.type == VALUE_ERROR && fault_lasts())
        CHECK_TEXT(result.text, no_thread);
    else
        CHECK(result.type == VALUE_NONE && values[TASKS - 1].integer == 1);
    future_join_all(futures, TASKS);
}

static void await_any(void)
{
    _Atomic int32_t word;
    Future *futures[TASKS];
    size_t index = TASKS;
    Value value;
    start_all(futures, &word);
    CHECK(future_await_any_until(futures, TASKS, &value, &index,
                                 deadline_in_ms(1)) == WAIT_TIMED_OUT ||
          fault_lasts());
    let_go(&word);
    value = future_await_any(futures, TASKS, &index);
    CHECK((index < TASKS) == (value.type != VALUE_ERROR));
    CHECK(index < TASKS || fault_lasts());
    future_join_all(futures, TASKS);
}

TEST(all, "waiting for all of several futures")
{
    try_faults(await_all, (FaultOptions){ .threads_may_fail = true });
}

TEST(any, "waiting for any of several futures")
{
    try_faults(await_any, (FaultOptions){ .threads_may_fail = true });
}

static void cancel_some(void)
{
    for (int i = 0; i < TASKS; i++) {
        Future *future = future_start(twice, &i, sizeof i);
        bool cancelled = future_cancel(future);
        Value value = future_await(future);
        if (cancelled)
            CHECK_TEXT(value.text, "cancelled");
        else
            CHECK(value.integer == 2 * i || has_no_thread(value));
        future_join(&future);
    }
}

TEST(cancel, "cancelling")
{
    try_faults(cancel_some, (FaultOptions){ .threads_may_fail = true });
}

// A forked child makes some things again, and its faults are its own.

// The last that may fail: _exit does not wait until the thread, which is kept
// and goes to sleep, has said what failed.
static void last_twice(Task *self)
{
    twice(self);
    let_calls_fail(false);
}

static void use_in_child(void)
{
    _Atomic int32_t word = 0;
    CHECK(atomics_wait_until(&word, 0, deadline_in_ms(1)) == WAIT_TIMED_OUT);
    check_int(future_start(last_twice, &(int){ 4 }, sizeof(int)), 8);
}

static void fork_between(void)
{
    int status;
    let_calls_fail(false);
    check_int(future_start(twice, &(int){ 3 }, sizeof(int)), 6);
    pid_t child = fork();
    if (child == 0) {
        let_calls_fail(true);
        use_in_child();
        _exit(0);
    }
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0 || fault_struck());
    check_int(future_start(twice, &(int){ 5 }, sizeof(int)), 10);
}

TEST(in_a_child, "in a forked child, and then in its parent")
{
    if (THREAD_SANITIZER)
        test_skip("ThreadSanitizer does not support this");
    try_faults(fork_between, (FaultOptions){ .in_another_process = true,
                                             .threads_may_fail = true });
}
