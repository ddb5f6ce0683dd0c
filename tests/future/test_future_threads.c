// The threads that tasks run in: that a task has one to itself, that they are
// kept for the next one, what they are called, and how they end.
#define _GNU_SOURCE  // pthread_getname_np on Linux

#include <stdint.h>

#include "pool.h"
#include "task_threads.h"
#include "test.h"

TEST(kept, "a task runs in the thread of one that was joined before")
{
    int changes = 0;
    long long last = number_of_thread_used();
    for (int i = 0; i < 1000; i++) {
        long long number = number_of_thread_used();
        changes += number != last;
        last = number;
    }
    // None, but for when we were stopped for so long that the thread ended.
    CHECK(changes < 50);
}

// The stacks of a thousand threads need more than 32 bits of address space.
enum { MANY = SIZE_MAX > UINT32_MAX ? 1000 : 200 };

// Only in as many threads as there are tasks can these end.
static void run_at_once(int tasks)
{
    static Future *futures[MANY];
    static bool used[10000];
    memset(used, 0, sizeof used);
    atomic_store(&met, 0);
    atomic_store(&all_met, 0);
    atomic_store(&expected, tasks);
    for (int i = 0; i < tasks; i++)
        futures[i] = future_start(meet_all, NULL, 0);
    for (int i = 0; i < tasks; i++) {
        long long number = future_await(futures[i]).integer;
        CHECK(number > 0 && number < 10000 && !used[number]);
        used[number] = true;
    }
    future_join_all(futures, (size_t)tasks);
}

TEST(a_thousand, "a thousand tasks at once, each in a thread of its own, twice")
{
    run_at_once(MANY);
    run_at_once(MANY);
}

TEST(more_and_fewer, "threads are taken and given back in any number")
{
    const int counts[] = { 1, 7, 2, 20, 3, 3, 40, 1 };
    for (int i = 0; i < 8; i++)
        run_at_once(counts[i]);
}

TEST(nested, "tasks start tasks, which run in other threads")
{
    for (int i = 0; i < 20; i++)
        check_nested();
}

static void cancel_other(Task *self)
{
    Future *const *other = self->args;
    task_return(self, value_bool(future_cancel(*other)));
}

TEST(after_cancel, "a thread whose task was cancelled runs the next one")
{
    for (int i = 0; i < 500; i++) {
        Future *future = future_start(return_thread_number, NULL, 0);
        Future *other = future_start(cancel_other, &future, sizeof future);
        bool cancelled = future_await(other).boolean;
        CHECK_INT(future_await(future).type,
                  cancelled ? VALUE_ERROR : VALUE_INT);
        future_join(&other);
        future_join(&future);
    }
}

static void call_library(Task *self)
{
    (void)self;
    number_of_thread_used();
}

static void die_here(Task *self)
{
    (void)self;
    die("no place");
}

static void die_in_second_task(void)
{
    future_join(&(Future *){ future_start(call_library, NULL, 0) });
    future_join(&(Future *){ future_start(die_here, NULL, 0) });
}

TEST(other_place, "who dies does not name a place in an earlier task")
{
    CHECK_DIES(die_in_second_task, "common: no place\n");
}

// The end of threads.

TEST(end_by_themselves, "threads that find nothing to do for a while end")
{
    leave_three_threads();
    gate_pass(&three_ended);
    CHECK_INT(atomic_load(&ended), 3);
    CHECK(number_of_thread_used() > 3);
}

TEST(ended_by_tasks, "threads that their tasks end run nothing more")
{
    must(pthread_key_create(&at_end, count_end));
    long long last = 0;
    for (int i = 0; i < 200; i++) {
        Future *future = future_start(exit_thread, NULL, 0);
        long long number = future_await(future).integer;
        CHECK(number > last);
        last = number;
        future_join(&future);
        if (i % 10 == 0)
            CHECK(number_of_thread_used() > last);
    }
}

#ifdef __linux__
static void return_name_of_thread(Task *self)
{
    char name[64];
    CHECK_INT(pthread_getname_np(pthread_self(), name, sizeof name), 0);
    task_return(self, value_text(name));
}

TEST(names_shown, "a debugger and ps show the threads of tasks by their names")
{
    Future *future = future_start(return_name_of_thread, NULL, 0);
    CHECK_TEXT(future_await(future).text, "task");
    future_join(&future);
    Pool *pool = pool_new(1);
    future = pool_start(pool, return_name_of_thread, NULL, 0);
    Value name;
    CHECK(future_await_until(future, &name, deadline_in_ms(60 * 1000)) ==
          WAIT_OK);  // no help: an await without a deadline may run it itself
    CHECK_TEXT(name.text, "pool");
    future_join(&future);
    pool_join(&pool);
}
#endif
