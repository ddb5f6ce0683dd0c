// Programs that wait for long, and are not stuck: nothing is said.
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "atomics.h"
#include "future.h"
#include "pool.h"
#include "queue.h"
#include "test.h"
#include "worker_threads.h"

// Longer than anybody looks on.
enum { LONG_MS = 700 };

static _Atomic int32_t word = 1;

static void *notify_later(void *arg)
{
    usleep(LONG_MS * 1000);
    while (atomics_notify(&word, ATOMICS_ALL) == 0)
        continue;
    return arg;
}

SCENE(other_thread, "a thread that we did not start wakes us", 0, NULL)
{
    pthread_t thread;
    pthread_create(&thread, NULL, notify_later, NULL);
    CHECK(atomics_wait(&word, 1) == WAIT_OK);
    pthread_join(thread, NULL);
}

static void wait_for_port(WorkerContext *self)
{
    Message msg;
    while (port_receive(self->parent_port, &msg))
        continue;
}

SCENE(deadline, "one thread waits with a deadline", 0, NULL)
{
    Worker *worker = worker_start(wait_for_port, NULL);
    Message msg;
    CHECK(port_receive_until(worker->port, &msg, deadline_in_ms(LONG_MS)) ==
          WAIT_TIMED_OUT);
    worker_join(&worker);
}

SCENE(busy, "one thread is in a call of the system", 0, NULL)
{
    Worker *worker = worker_start(wait_for_port, NULL);
    usleep(LONG_MS * 1000);
    worker_join(&worker);
}

static void end_well(int signal)
{
    (void)signal;
    _exit(0);
}

SCENE(handler, "a signal may still do something", 0, NULL)
{
    signal(SIGALRM, end_well);
    struct itimerval later = { .it_value = { .tv_usec = LONG_MS * 1000 } };
    setitimer(ITIMER_REAL, &later, NULL);
    atomics_wait(&word, 1);
}

static void run_long(Task *self)
{
    (void)self;
    usleep(LONG_MS * 1000);
}

SCENE(task, "a task takes long", 0, NULL)
{
    Future *future = future_start(run_long, NULL, 0);
    CHECK_INT(future_await(future).type, VALUE_NONE);
    future_join(&future);
    Pool *pool = pool_new(2);
    future_join(&(Future *){ pool_start(pool, run_long, NULL, 0) });
    pool_join(&pool);
}

SCENE(queue, "a receiver is served after long", 0, NULL)
{
    Queue *queue = queue_new(1, sizeof(int));
    pthread_t thread;
    pthread_create(&thread, NULL, notify_later, NULL);
    atomics_wait(&word, 1);
    pthread_join(thread, NULL);
    CHECK(queue_send(queue, &(int){ 1 }));
    queue_free(&queue);
}

static pid_t parent;

static void leave_child(void)
{
    if (parent != 0 && getpid() != parent)
        _exit(0);
}

// Earlier than the library, so that it is called after what that has to say;
// and before the search for leaks, to which threads that are gone are a
// surprise.
__attribute__((constructor(101))) static void at_exit_of_child(void)
{
    atexit(leave_child);
}

// A child has none of our threads, and what they left is not its business.
SCENE(child, "a child process ends", 0, NULL)
{
    parent = getpid();
    Worker *worker = worker_start(wait_for_port, NULL);
    usleep(LONG_MS * 1000);  // it is known to wait
    pid_t child = fork();
    if (child == 0)
        exit(0);
    waitpid(child, NULL, 0);
    worker_join(&worker);
}
