// What signal handlers may do: notify, and exit. And a call that would wait for
// a lock of the thread that the handler has interrupted ends with a sentence.
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "atomics.h"
#include "future.h"
#include "gate.h"
#include "handlers.h"
#include "os/os.h"
#include "queue.h"
#include "sanitizers.h"
#include "test.h"
#include "worker_threads.h"

// A thread that sends signals to the main thread, each when the last one has
// been handled, and the word is 0 again.

static _Atomic int32_t word, other_word;
static atomic_int handled;
static atomic_bool over;
static pthread_t main_thread;

static void *send_signals(void *count)
{
    for (int i = 0; i < *(int *)count; i++) {
        pthread_kill(main_thread, SIGUSR1);
        while (atomic_load(&handled) == i || atomic_load(&word) != 0)
            usleep(10);
    }
    atomic_store(&over, true);
    return NULL;
}

// Calls `step` until the handler has run this often.
static void disturb(void (*step)(void), void (*handler)(int), int count)
{
    pthread_t sender;
    main_thread = pthread_self();
    signal(SIGUSR1, handler);
    CHECK(pthread_create(&sender, NULL, send_signals, &count) == 0);
    while (!atomic_load(&over))
        step();
    CHECK(pthread_join(sender, NULL) == 0);
}

// Notify.

static void notify_in_handler(int signal)
{
    (void)signal;
    atomics_notify(&word, 1);
    atomic_fetch_add(&handled, 1);
}

static void notify(void)
{
    atomics_notify(&word, 1);
}

static void wait_briefly(void)
{
    for (int i = 0; i < 1000; i++)
        atomics_wait_until(&other_word, i % 10, DEADLINE_NOW);
}

static void sleep_often(WorkerContext *self)
{
    (void)self;
    while (!atomic_load(&over))
        atomics_wait_until(&word, 0, deadline_in_ms(1));
}

static void check_notifies(void (*step)(void))
{
    must_wake_in_handlers();
    Worker *sleeper = worker_start(sleep_often, NULL);
    disturb(step, notify_in_handler, test_rounds(2000));
    worker_join(&sleeper);
}

TEST(notify_in_notify, "a handler notifies in the middle of a notify")
{
    check_notifies(notify);
}

TEST(notify_in_wait, "a handler notifies in the middle of a wait")
{
    check_notifies(wait_briefly);
}

static void wake_own_thread(int signal)
{
    (void)signal;
    atomic_store(&word, 1);
    atomics_notify(&word, 1);
    atomic_fetch_add(&handled, 1);
}

static void wait_for_word(void)
{
    while (atomic_load(&word) == 0)
        CHECK(atomics_wait(&word, 0) != WAIT_TIMED_OUT);
    atomic_store(&word, 0);
}

TEST(wakes_itself, "a handler wakes the thread that it interrupts")
{
    must_wake_in_handlers();
    main_thread = pthread_self();
    signal(SIGUSR1, wake_own_thread);
    pthread_t sender;
    CHECK(pthread_create(&sender, NULL, send_signals, &(int){ 200 }) == 0);
    for (int i = 0; i < 200; i++)
        wait_for_word();
    CHECK(pthread_join(sender, NULL) == 0);
}

// exit. The handler comes at another moment in each process.

static void exit_in_handler(int signal)
{
    (void)signal;
    exit(0);
}

static void check_exits(void (*step)(void))
{
    for (int i = 0; i < test_rounds(100); i++) {
        pid_t child = fork();
        if (child == 0) {
            signal(SIGALRM, exit_in_handler);
            struct itimerval timer = { .it_value.tv_usec = 500 + i * 31 };
            setitimer(ITIMER_REAL, &timer, NULL);
            for (;;)
                step();
        }
        int status, looks = 0;
        while (waitpid(child, &status, WNOHANG) == 0 && looks++ < 5000)
            usleep(1000);
        if (looks >= 5000)
            kill(child, SIGKILL);
        CHECK(looks < 5000);
        CHECK_INT(status, 0);
    }
}

static void make_queue(void)
{
    queue_free(&(Queue *){ queue_new(1, 1) });
}

static void return_at_once(Task *self)
{
    (void)self;
}

static void run_task(void)
{
    future_join(&(Future *){ future_start(return_at_once, NULL, 0) });
}

TEST(exit_in_queue, "a handler calls exit while queues are made")
{
    if (ADDRESS_SANITIZER || THREAD_SANITIZER)
        test_skip("sanitizers take locks of their own at exit");
    check_exits(make_queue);
}

TEST(exit_in_task, "a handler calls exit while tasks are started")
{
    if (ADDRESS_SANITIZER || THREAD_SANITIZER)
        test_skip("sanitizers take locks of their own at exit");
    check_exits(run_task);
}

static pthread_t task_thread;

static void tell_thread(Task *self)
{
    (void)self;
    task_thread = pthread_self();
}

TEST(exit_in_idle, "a handler calls exit in a thread that is kept for a task")
{
    if (ADDRESS_SANITIZER || THREAD_SANITIZER)
        test_skip("sanitizers take locks of their own at exit");
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        signal(SIGUSR1, exit_in_handler);
        future_join(&(Future *){ future_start(tell_thread, NULL, 0) });
        pthread_kill(task_thread, SIGUSR1);
        for (;;)
            pause();
    }
    int status;
    CHECK(waitpid(child, &status, 0) == child);
    CHECK_INT(status, 0);
}

// Locks.

static Lock lock;

static void acquire_again(int signal) LOCKS_UNCHECKED
{
    (void)signal;
    lock_acquire(&lock);
}

static void interrupt_owner(void) LOCKS_UNCHECKED
{
    signal(SIGUSR1, acquire_again);
    lock_acquire(&lock);
    raise(SIGUSR1);
}

TEST(would_hang, "a handler that would wait for its own thread's lock dies")
{
    CHECK_DIES(interrupt_owner, "a signal handler called this, in the middle");
}

static bool has_tried;

static void try_again(int signal)
{
    (void)signal;
    has_tried = !lock_try(&lock);
}

TEST(tries, "a handler tries to take its own thread's lock")
{
    signal(SIGUSR1, try_again);
    lock_acquire(&lock);
    raise(SIGUSR1);
    CHECK(has_tried);
    lock_release(&lock);
    bool has_lock = lock_try(&lock);
    if (has_lock)
        lock_release(&lock);
    CHECK(has_lock);
}

static Gate taken, release;

static void *keep_lock(void *unused)
{
    lock_acquire(&lock);
    gate_open(&taken);
    gate_pass(&release);
    lock_release(&lock);
    return unused;
}

TEST(gives_up, "a try gives up when another thread keeps the lock")
{
    pthread_t keeper;
    CHECK(pthread_create(&keeper, NULL, keep_lock, NULL) == 0);
    gate_pass(&taken);
    CHECK(!lock_try(&lock));
    gate_open(&release);
    lock_acquire(&lock);
    lock_release(&lock);
    CHECK(pthread_join(keeper, NULL) == 0);
}
