// One future: when it settles, and how long its awaiters wait.

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "base/die.h"
#include "future.h"
#include "gate.h"
#include "sanitizers.h"
#include "test.h"

static Gate go;

// Settling, and the end of the task.

static bool ended;  // written by a task, read when it was joined

static void return_and_go_on(Task *self)
{
    task_return(self, value_int(1));
    gate_pass(&go);
    test_let_others_run();
    ended = true;
}

TEST(settles_and_goes_on, "await returns while the task goes on, join waits")
{
    Future *future = future_start(return_and_go_on, NULL, 0);
    CHECK_INT(future_await(future).integer, 1);
    gate_open(&go);
    future_join(&future);
    CHECK(ended);
}

TEST(join_without_await, "join waits for a task that nobody awaited")
{
    Future *future = future_start(return_and_go_on, NULL, 0);
    gate_open(&go);
    future_join(&future);
    CHECK(ended);
}

static void exit_thread(Task *self)
{
    (void)self;
    pthread_exit(NULL);
}

static void return_and_exit_thread(Task *self)
{
    task_return(self, value_text("kept"));
    pthread_exit(NULL);
}

TEST(thread_exit, "a task that ends its thread settles with what it returned")
{
    Future *silent = future_start(exit_thread, NULL, 0);
    Future *spoke = future_start(return_and_exit_thread, NULL, 0);
    CHECK_INT(future_await(silent).type, VALUE_NONE);
    CHECK_TEXT(future_await(spoke).text, "kept");
    future_join(&silent);
    future_join(&spoke);
}

static int written;  // without a lock: settling must order it

static void write_and_return(Task *self)
{
    written = 42;
    task_return(self, value_none());
    gate_pass(&go);
}

TEST(memory, "what the task wrote before it settled is seen after await")
{
    Future *future = future_start(write_and_return, NULL, 0);
    CHECK_INT(future_await(future).type, VALUE_NONE);
    CHECK_INT(written, 42);
    gate_open(&go);
    future_join(&future);
}

// Awaiting.

static void wait_and_return_text(Task *self)
{
    gate_pass(&go);
    task_return(self, value_text("one for all"));
}

static void await_other(Task *self)
{
    Future *const *other = self->args;
    task_return(self, future_await(*other));
}

TEST(await_twice, "awaiting again gives the same value in the same place")
{
    gate_open(&go);
    Future *future = future_start(wait_and_return_text, NULL, 0);
    Value first = future_await(future);
    Value second = future_await(future);
    CHECK_TEXT(first.text, "one for all");
    CHECK(second.text == first.text);
    future_join(&future);
}

TEST(many_await, "many threads that await one future get the same value")
{
    Future *future = future_start(wait_and_return_text, NULL, 0);
    Future *others[8];
    for (int i = 0; i < 8; i++)
        others[i] = future_start(await_other, &future, sizeof future);
    test_let_others_run();
    gate_open(&go);
    for (int i = 0; i < 8; i++)
        CHECK_TEXT(future_await(others[i]).text, "one for all");
    future_join_all(others, 8);
    future_join(&future);
}

enum { AWAITING = 4 };
static Gate all_told;
static atomic_int told;

static void return_and_wait_for_all(Task *self)
{
    gate_pass(&go);
    task_return(self, value_int(1));
    gate_pass(&all_told);
}

static void *await_and_tell(void *arg)
{
    CHECK_INT(future_await(arg).integer, 1);
    gate_meet(&all_told, &told, AWAITING);
    return NULL;
}

TEST(all_wake, "all threads that await a future wake while its task goes on")
{
    pthread_t threads[AWAITING];
    Future *future = future_start(return_and_wait_for_all, NULL, 0);
    for (int i = 0; i < AWAITING; i++)
        CHECK_INT(pthread_create(&threads[i], NULL, await_and_tell, future), 0);
    test_let_others_run();
    gate_open(&go);
    for (int i = 0; i < AWAITING; i++)
        CHECK_INT(pthread_join(threads[i], NULL), 0);
    future_join(&future);
}

TEST(await_now, "DEADLINE_NOW asks whether it has settled")
{
    Future *future = future_start(wait_and_return_text, NULL, 0);
    Value value = value_int(7);
    CHECK_INT(future_await_until(future, &value, DEADLINE_NOW), WAIT_TIMED_OUT);
    CHECK_INT(value.integer, 7);
    gate_open(&go);
    CHECK_TEXT(future_await(future).text, "one for all");
    CHECK_INT(future_await_until(future, &value, DEADLINE_NOW), WAIT_OK);
    CHECK_TEXT(value.text, "one for all");
    CHECK_INT(future_await_until(future, &value, deadline_in_ms(-5)), WAIT_OK);
    future_join(&future);
}

TEST(await_times_out, "a deadline that passes while we wait ends the wait")
{
    Future *future = future_start(wait_and_return_text, NULL, 0);
    Value value = value_int(7);
    Deadline soon = deadline_in_ms(10);
    CHECK_INT(future_await_until(future, &value, soon), WAIT_TIMED_OUT);
    CHECK_INT(deadline_remaining_ns(soon), 0);
    CHECK_INT(value.integer, 7);
    gate_open(&go);
    CHECK_TEXT(future_await(future).text, "one for all");
    future_join(&future);
}

static void return_after_a_while(Task *self)
{
    test_let_others_run();
    task_return(self, value_int(1));
    gate_pass(&go);
}

TEST(await_wakes, "a wait with a far deadline ends when the future settles")
{
    Future *future = future_start(return_after_a_while, NULL, 0);
    Value value;
    Deadline far = deadline_in_ms(1000 * 1000);
    CHECK_INT(future_await_until(future, &value, far), WAIT_OK);
    CHECK_INT(value.integer, 1);
    gate_open(&go);
    future_join(&future);
}

// A machine that is out of threads.

static void say_nothing(Task *self)
{
    (void)self;
}

// Sanitizers need more address space than the limit below leaves.
static bool room_for(size_t size)
{
    void *memory = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANON, -1, 0);
    return memory != MAP_FAILED && munmap(memory, size) == 0;
}

// Lowers the limit on address space until a thread's stack does not fit, but
// smaller things still do. Says whether the machine heeds it.
static bool leave_no_room_for_threads(void)
{
    size_t stack;
    pthread_attr_t attributes;
    must(pthread_attr_init(&attributes));
    must(pthread_attr_getstacksize(&attributes, &stack));
    must(pthread_attr_destroy(&attributes));

    struct rlimit limit;
    must(getrlimit(RLIMIT_AS, &limit));
    limit.rlim_cur = 128 * stack;
    while (room_for(stack) && limit.rlim_cur > stack / 4) {
        limit.rlim_cur -= stack / 4;
        setrlimit(RLIMIT_AS, &limit);
    }
    return !room_for(stack);
}

TEST(no_thread, "without a thread the future settles with an error")
{
    if (ADDRESS_SANITIZER || THREAD_SANITIZER || !leave_no_room_for_threads())
        test_skip("threads cannot be made to fail here");
    Future *future = future_start(say_nothing, NULL, 0);
    Value value = value_none();
    CHECK_INT(future_await_until(future, &value, DEADLINE_NOW), WAIT_OK);
    CHECK_INT(value.type, VALUE_ERROR);
    CHECK(strstr(value.text, "no thread could be started") != NULL);
    CHECK_INT((long long)value.size, (long long)strlen(value.text));
    CHECK(value_equal(future_await(future), value));
    CHECK(value_equal(future_await_all(&future, 1, NULL), value));
    CHECK(value_equal(future_await_any(&future, 1, NULL), value));
    CHECK(!future_cancel(future));
    future_join(&future);
}
