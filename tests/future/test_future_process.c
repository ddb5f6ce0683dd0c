// Tasks and the process: what becomes of the threads when it ends, and that a
// child of a process with tasks may have its own.

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sanitizers.h"
#include "task_threads.h"
#include "test.h"
#include "worker_threads.h"

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
