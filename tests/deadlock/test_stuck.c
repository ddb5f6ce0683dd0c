// Programs that are stuck, and say why.
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "atomics.h"
#include "full_pipe.h"
#include "future.h"
#include "pool.h"
#include "queue.h"
#include "stuck.h"
#include "test.h"
#include "worker_threads.h"

#define STUCK "Stuck: all threads wait, with no deadline, and nobody is left"

// Ports.

static void wait_for_port(WorkerContext *self)
{
    Port *mine = self->worker_data;
    Message msg;
    port_receive(mine, &msg);
    port_close(&mine);
}

STUCK_SCENE(
    circle, "main waits for a worker, which waits for main", STUCK,
    "main, at test_stuck.c:", " for 0.", "s: port_receive(worker->port",
    "waits for a message on the port to wait_for_port. The other end,",
    "wait_for_port's parent_port, is held by wait_for_port, which waits too.",
    "wait_for_port, at test_stuck.c:", "s: port_receive(mine, &msg)",
    "waits for a message on ours. The other end, theirs, is held by main,",
    "A circle: main waits for wait_for_port, which waits for main.")
{
    Port *ours, *theirs;
    channel_open(&ours, &theirs);
    Worker *worker = worker_start(wait_for_port, port_move(&ours));
    Message msg;
    port_receive(worker->port, &msg);
    worker_join(&worker);
}

STUCK_SCENE(both_ends, "one thread waits for itself",
            "Stuck: the only thread waits, with no deadline, and nobody is",
            "left to wake it.", "waits for a message on a. The other end, b,",
            "is held by main itself.")
{
    Port *a, *b;
    channel_open(&a, &b);
    Message msg;
    port_receive(a, &msg);
}

STUCK_SCENE(given_away, "a port was given away, and nobody took it",
            "waits for a message on a or c. The other end, b, was given away,",
            "nobody has used it yet. The other end, d, is held by main itself.")
{
    Port *a, *b, *c, *d;
    channel_open(&a, &b);
    channel_open(&c, &d);
    port_move(&b);
    Message msg;
    port_select((Port *[]){ a, NULL, c }, 3, &msg);
}

static void take_and_end(WorkerContext *self)
{
    port_post(self->worker_data, "hello");
}

STUCK_SCENE(ended, "a thread ended and left a port open",
            "The other end, b, is held by a thread that has\n    ended.")
{
    Port *a, *b;
    channel_open(&a, &b);
    worker_join(&(Worker *){ worker_start(take_and_end, port_move(&b)) });
    Message msg;
    while (port_receive(a, &msg))
        continue;
}

// Words, queues.

static _Atomic int32_t words[2] = { 1, 1 };

static void wait_for_word(WorkerContext *self)
{
    (void)self;
    atomics_wait(&words[1], 1);
}

STUCK_SCENE(joined, "one of two workers of a name is joined",
            "worker_join(&workers[1])\n    waits for a worker to end:",
            "wait_for_word 2, which waits too.", "wait_for_word 1, at ",
            "atomics_wait(&words[1], 1)\n    waits for a notify on words[1].",
            "wait_for_word 2, at ")
{
    Worker *workers[] = { worker_start(wait_for_word, NULL),
                          worker_start(wait_for_word, NULL) };
    worker_join(&workers[1]);
    worker_join(&workers[0]);
}

STUCK_SCENE(others_circle, "two workers wait for each other, main for neither",
            STUCK, "waits for a notify on words[1].",
            "wait_for_port 1, at test_stuck.c:",
            "wait_for_port 2, at test_stuck.c:",
            "A circle: wait_for_port 1 waits for wait_for_port 2, which waits")
{
    Port *ours, *theirs;
    channel_open(&ours, &theirs);
    worker_start(wait_for_port, port_move(&ours));
    worker_start(wait_for_port, port_move(&theirs));
    atomics_wait(&words[1], 1);
}

STUCK_SCENE(failed, "a worker's error is awaited", "worker_error(worker)",
            "waits for a worker to end: wait_for_word, which waits too.")
{
    Worker *worker = worker_start(wait_for_word, NULL);
    worker_error(worker);
}

STUCK_SCENE(full, "a queue is full",
            "queue_send(queue, &item)\n    waits for room in the queue that "
            "was made at test_stuck.c:")
{
    int item = 1;
    Queue *queue = queue_new(2, sizeof item);
    while (queue_send(queue, &item))
        continue;
}

STUCK_SCENE(nobody_receives, "nobody meets a sender",
            "waits for a receiver at the queue that was made at")
{
    int item = 1;
    queue_send(queue_new(0, sizeof item), &item);
}

STUCK_SCENE(selected, "nothing of a select comes",
            "waits for an item from the queue that was made at test_stuck.c:",
            ", or for\n    a receiver at the queue that was made at")
{
    int item = 1;
    QueueCase cases[] = {
        { .queue = queue_new(2, sizeof item), .receive = &item },
        { .queue = NULL },
        { .queue = queue_new(0, sizeof item), .send = &item },
    };
    size_t chosen;
    queue_select(cases, 3, &chosen);
}

// Tasks.

static void wait_in_task(Task *self)
{
    (void)self;
    atomics_wait(&words[0], 1);
}

STUCK_SCENE(awaited, "a task waits, and who awaits it",
            "future_await(future)\n    waits for a task's result: task, which "
            "waits too.",
            "task, at test_stuck.c:", "waits for a notify on words[0].")
{
    Future *future = future_start(wait_in_task, NULL, 0);
    CHECK_INT(future_await(future).type, VALUE_NONE);
}

static void return_and_wait(Task *self)
{
    task_return(self, value_int(1));
    atomics_wait(&words[0], 1);
}

STUCK_SCENE(ends_later, "a task has settled, and does not end",
            "future_join(&future)\n    waits for a task to end: task, which "
            "waits too.")
{
    Future *future = future_start(return_and_wait, NULL, 0);
    CHECK_INT(future_await(future).integer, 1);
    future_join(&future);
}

STUCK_SCENE(one_of_several, "several are awaited, one does not come",
            "waits for a task's result: task", "which waits too.")
{
    Future *futures[] = { future_start(return_and_wait, NULL, 0),
                          future_start(wait_in_task, NULL, 0) };
    CHECK_INT(future_await_all(futures, 2, NULL).type, VALUE_NONE);
}

STUCK_SCENE(pool_joined, "a pool's task waits, and who joins the pool",
            "pool_join(&pool)\n    waits for a pool's threads to end: pool",
            "waits for a notify on words[0].")
{
    Pool *pool = pool_new(2);
    pool_start(pool, wait_in_task, NULL, 0);
    pool_join(&pool);
}

static void return_at_once(Task *self)
{
    (void)self;
}

STUCK_SCENE(idle, "a task's thread is kept for a while, and then ends",
            "the only thread waits")
{
    future_join(&(Future *){ future_start(return_at_once, NULL, 0) });
    atomics_wait(&words[0], 1);
}

// The end of the process.

static void keep_stdout(WorkerContext *self)
{
    (void)self;
    flockfile(stdout);
    atomics_wait(&words[1], 1);
}

STUCK_SCENE(stdout_locked, "a stuck thread has the lock of stdout", STUCK)
{
    worker_join(&(Worker *){ worker_start(keep_stdout, NULL) });
}

STUCK_SCENE(stdout_full, "stdout is a full pipe that no thread reads",
            "the only thread waits")
{
    fill_pipe(STDOUT_FILENO);
    setvbuf(stdout, NULL, _IOFBF, BUFSIZ);
    printf("half a ");
    atomics_wait(&words[1], 1);
}

// Threads that this library did not start.

static void *end_after(void *ms)
{
    usleep(*(useconds_t *)ms * 1000);
    return NULL;
}

STUCK_SCENE(other_ends, "another thread ends while all of ours wait",
            "the only thread waits", "for 0.")
{
    pthread_t thread;
    pthread_create(&thread, NULL, end_after, &(useconds_t){ 400 });
    atomics_wait(&words[0], 1);
}

STUCK_SCENE(many, "of many threads not all are shown", STUCK, "main, at ",
            "And 6 more.")
{
    for (int i = 0; i < 25; i++)
        worker_start(wait_for_word, NULL);
    atomics_wait(&words[0], 1);
}
