// What is said at the end of a program, and on SIGQUIT.
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "atomics.h"
#include "test.h"
#include "worker_threads.h"

static _Atomic int32_t word = 1;

static void wait_for_word(WorkerThread *self)
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

static void end_program(WorkerThread *self)
{
    (void)self;
    exit(0);
}

SCENE(ended_by_worker, "a worker ends the program", 0, NULL)
{
    worker_join(worker_start(end_program, NULL));
}

SCENE(all_is_well, "nothing was left", 0, NULL)
{
    Port *a, *b;
    channel_open(&a, &b);
    port_post(a, "one");
    port_close(&a);
    port_close(&b);
    Worker *worker = worker_start(wait_for_word, NULL);
    while (atomics_notify(&word, 1) == 0)
        continue;
    worker_join(worker);
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
    worker_join(worker);
}

SCENE(asked_early, "on SIGQUIT nobody waits", 0,
      "No thread has waited for longer than a moment.")
{
    kill(getpid(), SIGQUIT);
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
    worker_join(worker);
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
