// Workers under load: one after the other, as many as LOAD says (load.h). Each
// does what it was told, none of its messages is lost, and nothing of it stays
// behind.

#include "load.h"
#include "port_checks.h"
#include "worker_threads.h"

// Fails, exits or just ends, as the number says; before that it answers.
static void answer_and_end(WorkerContext *self)
{
    Message msg;
    CHECK(port_receive(self->parent_port, &msg));
    int number = atoi(msg.text);
    CHECK(msg.port != NULL);
    post_number(msg.port, number + 2);
    port_close(&msg.port);
    post_number(self->parent_port, number + 1);
    if (number % 3 == 0)
        worker_fail(self, "number %d", number);
    if (number % 3 == 1)
        worker_exit(self, number % 100);
}

// Has a worker of its own answer.
static void pass_on(WorkerContext *self)
{
    Message msg;
    CHECK(port_receive(self->parent_port, &msg));
    Worker *worker = worker_start(answer_and_end, NULL);
    CHECK(port_post_port(worker->port, &msg.port, msg.text));
    CHECK(port_receive(worker->port, &msg));
    CHECK(port_post(self->parent_port, msg.text));
    int code = worker_join(&worker);
    worker_exit(self, code);
}

static int code_of(int number)
{
    return number % 3 == 0 ? 1 : number % 3 == 1 ? number % 100 : 0;
}

static void start_and_join(void (*run)(WorkerContext *self), int number)
{
    Port *ours, *theirs;
    channel_open(&ours, &theirs);
    Worker *worker = worker_start(run, NULL);
    CHECK(port_post_port(worker->port, &theirs, NUMBER_TEXT(number)));
    expect_number(worker->port, number + 1);
    expect_number(ours, number + 2);
    expect_end(ours);
    expect_end(worker->port);
    CHECK_INT(worker_join(&worker), code_of(number));
    port_close(&ours);
}

static void run_load(const char *what, long whole,
                     void (*run)(WorkerContext *self))
{
    Load load = load_begin(what, whole);
    int number = 0;
    while (load_goes_on(&load))
        for (long i = 0; i < load.share; i++)
            start_and_join(run, number++);
    load_end(&load);
}

TEST(in_turn, "30,000 workers, one after the other")
{
    run_load("workers in turn", 30 * 1000, answer_and_end);
}

TEST(of_workers, "5,000 workers in turn, each with a worker of its own")
{
    run_load("workers in turn that start another", 5000, pass_on);
}
