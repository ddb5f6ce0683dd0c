// The threads that tasks run in: that a task has one to itself, that they are
// kept for the next one, and how they end.

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/die.h"
#include "future.h"
#include "gate.h"
#include "os/os.h"
#include "sanitizers.h"
#include "test.h"
#include "worker_threads.h"

// With it a process does not end after its main thread, and does not start
// threads in a child of one that has some.
// Which thread ran it.

static void return_thread_number(Task *self)
{
    task_return(self, value_int((long long)thread_number()));
}

static long long number_of_thread_used(void)
{
    Future *future = future_start(return_thread_number, NULL, 0);
    long long number = future_await(future).integer;
    future_join(&future);
    return number;
}

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

static atomic_int expected, met;
static Gate all_met;

static void meet_all(Task *self)
{
    return_thread_number(self);
    gate_meet(&all_met, &met, atomic_load(&expected));
}

// Only in as many threads as there are tasks can these end.
static void run_at_once(int tasks)
{
    static Future *futures[1000];
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
    run_at_once(1000);
    run_at_once(1000);
}

TEST(more_and_fewer, "threads are taken and given back in any number")
{
    const int counts[] = { 1, 7, 2, 20, 3, 3, 40, 1 };
    for (int i = 0; i < 8; i++)
        run_at_once(counts[i]);
}

static void start_inner(Task *self)
{
    const int *depth = self->args;
    if (*depth > 0) {
        int next = *depth - 1;
        Future *inner = future_start(start_inner, &next, sizeof next);
        CHECK_INT(future_await(inner).integer, next);
        future_join(&inner);
    }
    task_return(self, value_int(*depth));
}

static void check_nested(void)
{
    int depth = 10;
    Future *future = future_start(start_inner, &depth, sizeof depth);
    CHECK_INT(future_await(future).integer, depth);
    future_join(&future);
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

static pthread_key_t at_end;
static atomic_int ended;
static Gate three_ended;

static void count_end(void *unused)
{
    (void)unused;
    if (atomic_fetch_add(&ended, 1) + 1 == 3)
        gate_open(&three_ended);
}

static void meet_and_note_end(Task *self)
{
    must(pthread_setspecific(at_end, &ended));
    meet_all(self);
}

static void leave_three_threads(void)
{
    Future *futures[3];
    must(pthread_key_create(&at_end, count_end));
    atomic_store(&expected, 3);
    for (int i = 0; i < 3; i++)
        futures[i] = future_start(meet_and_note_end, NULL, 0);
    future_join_all(futures, 3);
}

TEST(end_by_themselves, "threads that find nothing to do for a while end")
{
    leave_three_threads();
    gate_pass(&three_ended);
    CHECK_INT(atomic_load(&ended), 3);
    CHECK(number_of_thread_used() > 3);
}

static void exit_thread(Task *self)
{
    must(pthread_setspecific(at_end, &ended));
    task_return(self, value_int((long long)thread_number()));
    pthread_exit(NULL);
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

// The end of the process. In a child each, which has the status 5 when all was
// well: exit runs this after what the library does at exit.

static int expected_ends;

static void check_ends(void)
{
    if (atomic_load(&ended) != expected_ends)
        _Exit(6);
}

static int status_of(void (*run)(void))
{
    fflush(NULL);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        atexit(check_ends);
        run();
        exit(5);
    }
    int status;
    CHECK_INT(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void leave_three_to_exit(void)
{
    expected_ends = 3;
    leave_three_threads();
}

static void use_none(void)
{
}

TEST(exit_ends_kept, "exit ends all threads that have nothing to do")
{
    CHECK_INT(status_of(leave_three_to_exit), 5);
    CHECK_INT(status_of(use_none), 5);
}

static void call_exit(Task *self)
{
    (void)self;
    exit(5);
}

static void exit_in_task(void)
{
    leave_three_threads();
    expected_ends = 2;  // and in one of the three we are
    future_join(&(Future *){ future_start(call_exit, NULL, 0) });
}

static void exit_in_worker_thread(WorkerContext *self)
{
    (void)self;
    exit(5);
}

static void exit_in_worker(void)
{
    leave_three_to_exit();
    worker_join(&(Worker *){ worker_start(exit_in_worker_thread, NULL) });
}

TEST(exit_anywhere, "exit does so in a task and in a worker, too")
{
    CHECK_INT(status_of(exit_in_task), 5);
    CHECK_INT(status_of(exit_in_worker), 5);
}

static Gate never, busy;

static void wait_for_ever(Task *self)
{
    (void)self;
    gate_open(&busy);
    gate_pass(&never);
}

static void exit_beside_task(void)
{
    leave_three_threads();
    expected_ends = 2;
    future_start(wait_for_ever, NULL, 0);
    gate_pass(&busy);
}

TEST(exit_waits_for_none, "exit does not wait for a task that still runs")
{
    CHECK_INT(status_of(exit_beside_task), 5);
}

static void use_futures_at_exit(void)
{
    long long number = number_of_thread_used();
    if (number_of_thread_used() < number)
        _Exit(6);
    future_join(&(Future *){ future_start(exit_thread, NULL, 0) });
}

static void exit_and_go_on(void)
{
    must(pthread_key_create(&at_end, count_end));
    atexit(use_futures_at_exit);
    number_of_thread_used();
}

TEST(futures_at_exit, "handlers of exit can start and join tasks")
{
    CHECK_INT(status_of(exit_and_go_on), 5);
}

// Not in a child, where with some C libraries main cannot end first.
TEST(main_ends_first, "a process without its main thread ends when all ended")
{
    if (THREAD_SANITIZER)
        test_skip("ThreadSanitizer does not support this");
    expected_ends = 3;
    must(atexit(check_ends));
    leave_three_threads();
    pthread_exit(NULL);
}

// Children of a process that has threads. They use no gates: a thread of the
// parent may just hold the lock of all gates.

static void use_futures_in_child(void)
{
    for (int i = 0; i < 10; i++)
        check_nested();
}

TEST(in_a_child, "a child starts without threads, and may start its own")
{
    // qemu 7.2 dies when a forked child starts a thread.
    const char *emulator = getenv("RUNNER");
    if (emulator && *emulator)
        test_skip("a child process cannot start threads in this emulator");
    if (THREAD_SANITIZER)
        test_skip("ThreadSanitizer does not support this");
    Future *running = future_start(wait_for_ever, NULL, 0);
    gate_pass(&busy);
    for (int i = 0; i < 10; i++) {
        check_nested();
        CHECK_INT(status_of(use_futures_in_child), 5);
    }
    gate_open(&never);
    future_join(&running);
    check_nested();
}

static Future *awaited;
static atomic_bool enough;

static WaitResult await_briefly(void)
{
    Value value;
    Deadline soon = deadline_in_ms(1);
    soon.ns -= 950 * 1000;
    return future_await_until(awaited, &value, soon);
}

static void await_time_after_time(WorkerContext *self)
{
    (void)self;
    while (!atomic_load(&enough))
        CHECK_INT(await_briefly(), WAIT_TIMED_OUT);
}

static void await_in_child(void)
{
    if (await_briefly() != WAIT_TIMED_OUT)
        _Exit(7);
    _Exit(5);
}

// If a child were made while a thread holds a future's list, it would find it
// held forever.
TEST(awaited_in_a_child,
     "a child may wait for what others wait for as it is made")
{
    awaited = future_start(wait_for_ever, NULL, 0);
    CHECK_INT(await_briefly(), WAIT_TIMED_OUT);
    Worker *workers[2];
    for (int i = 0; i < 2; i++)
        workers[i] = worker_start(await_time_after_time, NULL);
    for (int i = 0; i < 50; i++)
        CHECK_INT(status_of(await_in_child), 5);
    atomic_store(&enough, true);
    for (int i = 0; i < 2; i++)
        worker_join(&workers[i]);
    gate_open(&never);
    future_join(&awaited);
}
