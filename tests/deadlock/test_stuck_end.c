// The reports at the end of a program, and on SIGQUIT.
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "atomics.h"
#include "future.h"
#include "pool.h"
#include "queue.h"
#include "test.h"
#include "worker_threads.h"

static _Atomic int32_t word = 1;

static void wait_for_word(WorkerContext *self)
{
    (void)self;
    atomics_wait(&word, 1);
}

// Long enough for others to be known to wait.
static void let_them_wait(void)
{
    usleep(600 * 1000);
}

SCENE(not_joined, "a worker was never joined", 0,
      "At the end of the program something was left:",
      "wait_for_word, at test_stuck_end.c:", "waits for a notify on word.",
      "wait_for_word, a worker started at test_stuck_end.c:",
      ", was never joined.")
{
    worker_start(wait_for_word, NULL);
    let_them_wait();
}

SCENE(not_received, "messages were never received, and ports not closed", 0,
      "a and b, opened at test_stuck_end.c:",
      ", were never closed. Never received on\n    b: 2 messages.")
{
    Port *a, *b;
    channel_open(&a, &b);
    port_post(a, "one");
    port_post(a, "two");
    worker_start(wait_for_word, NULL);
}

static void post_and_wait(WorkerContext *self)
{
    port_post(self->parent_port, "one");
    wait_for_word(self);
}

SCENE(not_received_by_worker,
      "messages to and from a worker were never received", 0,
      ", was never joined.\n    Never received on the port to post_and_wait: 1 "
      "message. Never received on\n    post_and_wait's parent_port: 2 "
      "messages.")
{
    Worker *worker = worker_start(post_and_wait, NULL);
    port_post(worker->port, "two");
    port_post(worker->port, "three");
    let_them_wait();
}

SCENE(not_freed, "items were never received, and the queue not freed", 0,
      "The queue that was made at test_stuck_end.c:",
      " was never freed. Never\n    received: 2 items.\n\nwait_for_word, a "
      "worker ")
{
    Queue *queue = queue_new(4, sizeof(int));
    queue_free(&(Queue *){ queue_new(4, sizeof(int)) });
    queue_send(queue, &(int){ 1 });
    queue_send(queue, &(int){ 2 });
    worker_start(wait_for_word, NULL);
}

SCENE(not_freed_empty, "queues were not freed, and hold nothing", 0,
      " was never freed.\n\nThe queue that was made at test_stuck_end.c:",
      " was never freed.\n\nwait_for_word, a worker ")
{
    queue_new(0, sizeof(int));
    queue_new(4, sizeof(int));
    worker_start(wait_for_word, NULL);
}

SCENE(not_received_port, "a port was posted and never received, with messages",
      0, "a and b, opened at test_stuck_end.c:",
      "Never received on\n    b: 1 message.")
{
    Port *a, *b, *c, *d;
    channel_open(&a, &b);
    channel_open(&c, &d);
    port_post(a, "one");
    port_post_port(c, &b, "take this");
    worker_start(wait_for_word, NULL);
}

SCENE(port_closed, "a worker's port was closed, and the worker never joined", 0,
      "wait_for_word, a worker started at test_stuck_end.c:",
      ", was never joined.\n")
{
    Worker *worker = worker_start(wait_for_word, NULL);
    port_close(&worker->port);
}

static atomic_bool started;

// Its own port is not looked at: another thread, which runs, uses it.
static void start_and_run(WorkerContext *self)
{
    (void)self;
    port_post(worker_start(wait_for_word, NULL)->port, "one");
    atomic_store(&started, true);
    pause();
}

SCENE(starter_runs, "a worker's starter runs at the end of the program", 0,
      "start_and_run, a worker started at test_stuck_end.c:",
      ", was never joined.\n\nwait_for_word, a worker started at",
      ", was never joined.\n")
{
    worker_start(start_and_run, NULL);
    while (!atomic_load(&started))
        usleep(1000);
}

SCENE(no_stderr, "there is no stderr that takes the report", 0, NULL)
{
    worker_start(wait_for_word, NULL);
    close(STDERR_FILENO);
}

static void wait_for_word_too(Task *self)
{
    (void)self;
    atomics_wait(&word, 1);
}

SCENE(not_awaited, "a task is stuck, and nobody awaits it", 0,
      "task, at test_stuck_end.c:",
      "waits for a notify on word. No thread awaits its future.")
{
    future_start(wait_for_word_too, NULL, 0);
    let_them_wait();
}

static void await_word(WorkerContext *self)
{
    (void)self;
    future_join(&(Future *){ future_start(wait_for_word_too, NULL, 0) });
}

SCENE(awaited, "a task is stuck, and somebody awaits it", 0,
      "waits for a notify on word.\n\nawait_word, a worker started at ")
{
    worker_start(await_word, NULL);
    let_them_wait();
}

SCENE(pool_not_joined, "a pool was never joined", 0, "pool, for 0.",
      " s\n    waits for a task of its pool to run.",
      "A pool with 1 thread, made at test_stuck_end.c:", ", was never joined.")
{
    pool_new(1);
    let_them_wait();
}

SCENE(pool_just_made, "a pool was never joined, and had no time to sleep", 0,
      "A pool with 2 threads, made at test_stuck_end.c:")
{
    pool_new(2);
}

static void end_program(WorkerContext *self)
{
    (void)self;
    exit(0);
}

SCENE(ended_by_worker, "a worker ends the program", 0, NULL)
{
    worker_join(&(Worker *){ worker_start(end_program, NULL) });
}

SCENE(all_is_well, "nothing was left", 0, NULL)
{
    Port *a, *b;
    channel_open(&a, &b);
    port_post(a, "one");
    port_close(&a);
    port_close(&b);
    Queue *queue = queue_new(1, sizeof(int));
    queue_send(queue, &(int){ 1 });
    queue_free(&queue);
    pool_join(&(Pool *){ pool_new(1) });
    Worker *worker = worker_start(wait_for_word, NULL);
    while (atomics_notify(&word, 1) == 0)
        continue;
    worker_join(&worker);
}

// Ctrl-\.

SCENE(asked, "who waits is said on SIGQUIT, and the program goes on", 0,
      "Waiting, for longer than a moment:", "wait_for_word, at ",
      "waits for a notify on word.")
{
    Worker *worker = worker_start(wait_for_word, NULL);
    let_them_wait();
    kill(getpid(), SIGQUIT);
    CHECK_INT(atomics_notify(&word, 1), 1);
    worker_join(&worker);
}

SCENE(asked_early, "on SIGQUIT nobody waits", 0,
      "No thread has waited for longer than a moment.")
{
    kill(getpid(), SIGQUIT);
}

static void wait_for_message(WorkerContext *self)
{
    Message msg;
    port_receive(self->parent_port, &msg);
}

static void sleep_a_while(WorkerContext *self)
{
    (void)self;
    usleep(1200 * 1000);
}

static void join_sleeper(WorkerContext *self)
{
    (void)self;
    worker_join(&(Worker *){ worker_start(sleep_a_while, NULL) });
}

SCENE(asked_of_running, "on SIGQUIT threads wait for others, which run", 0,
      "wait_for_message's parent_port. The other end,",
      "is held by a thread that does not wait.",
      "waits for a worker to end: a thread that does not wait.")
{
    Worker *workers[] = { worker_start(wait_for_message, NULL),
                          worker_start(join_sleeper, NULL) };
    let_them_wait();
    kill(getpid(), SIGQUIT);
    worker_join(&workers[0]);
    worker_join(&workers[1]);
}

// One that is interrupted where it sleeps, again and again.
SCENE(asked_often, "a thread that sleeps is asked many times", 0,
      "Waiting, for longer than a moment:")
{
    Worker *worker = worker_start(wait_for_word, NULL);
    let_them_wait();
    for (int i = 0; i < 20; i++)
        kill(getpid(), SIGQUIT);
    while (atomics_notify(&word, 1) == 0)
        continue;
    worker_join(&worker);
}

static void say_nothing(int signal)
{
    (void)signal;
}

SCENE(own_handler, "the program's own handler is left alone", 0, NULL)
{
    signal(SIGQUIT, say_nothing);
    kill(getpid(), SIGQUIT);
}
