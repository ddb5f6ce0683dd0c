// worker_threads.h under faults.
#include "worker_threads.h"

#include <pthread.h>

#include "faults.h"

static void answer(WorkerContext *self)
{
    Message msg;
    while (port_receive(self->parent_port, &msg))
        port_postf(self->parent_port, "%s, too", msg.text);
}

static void talk(void)
{
    Worker *worker = worker_start(answer, NULL);
    Message msg;
    CHECK(port_post(worker->port, "you"));
    CHECK(port_receive(worker->port, &msg));
    CHECK_TEXT(msg.text, "you, too");
    CHECK_INT(worker_join(&worker), 0);
}

TEST(talks, "a worker that is talked to")
{
    try_faults(talk, (FaultOptions){ .kept_blocks = 2 });
}

static void leave(WorkerContext *self)
{
    worker_exit(self, *(int *)self->worker_data);
}

static void give_up(WorkerContext *self)
{
    worker_fail(self, "%0100d", 1);
}

static void end_thread(WorkerContext *self)
{
    (void)self;
    pthread_exit(NULL);
}

static void end_in_every_way(void)
{
    int code = 3;
    Worker *worker = worker_start_named("a name of its own", leave, &code);
    CHECK(worker_error(worker) == NULL);
    CHECK_INT(worker_join(&worker), 3);
    worker = worker_start(give_up, NULL);
    CHECK(worker_error(worker) != NULL);
    CHECK_INT(worker_join(&worker), 1);
    worker = worker_start(end_thread, NULL);
    CHECK_INT(worker_join(&worker), 0);
}

TEST(ends, "workers that end in every way")
{
    try_faults(end_in_every_way, (FaultOptions){ .kept_blocks = 6 });
}

// A worker that starts another, and gives it a port.

static void hand_on(WorkerContext *self)
{
    Worker *inner = worker_start(answer, NULL);
    Message msg;
    CHECK(port_receive(self->parent_port, &msg));
    CHECK(port_post(inner->port, msg.text));
    CHECK(port_receive(inner->port, &msg));
    CHECK(port_post(self->parent_port, msg.text));
    worker_join(&inner);
}

static void nest(void)
{
    Worker *outer = worker_start(hand_on, NULL);
    Message msg;
    wait_for_sleepers(1);
    CHECK(port_post(outer->port, "he"));
    CHECK(port_receive(outer->port, &msg));
    CHECK_TEXT(msg.text, "he, too");
    CHECK(!port_receive(outer->port, &msg));
    CHECK_INT(worker_join(&outer), 0);
}

TEST(nested, "a worker in a worker")
{
    try_faults(nest, (FaultOptions){ .kept_blocks = 4 });
}
