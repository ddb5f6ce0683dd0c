// The promises of worker_threads.h about one worker: how it ends, what its
// starter learns of that, which thread owns its ports, and its name. Many
// workers, and what they print, are in test_worker_crowds.c.

#define _GNU_SOURCE  // pthread_getname_np on Linux
#include "worker_threads.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "port_checks.h"
#include "test.h"

static void return_at_once(WorkerContext *self)
{
    (void)self;
}

TEST(returns, "a worker that returns has exit code 0 and no error")
{
    Worker *worker = worker_start(return_at_once, NULL);
    expect_end(worker->port);
    CHECK(worker_error(worker) == NULL);
    CHECK_INT(worker_join(&worker), 0);
}

static void exit_with(WorkerContext *self)
{
    worker_exit(self, *(int *)self->worker_data);
}

TEST(exits, "the code given to worker_exit is what worker_join returns")
{
    static int codes[] = { 7, 0, 1, -1, 256, 1000000 };
    for (int i = 0; i < 6; i++)
        CHECK_INT(worker_join(
                      &(Worker *){ worker_start(exit_with, &codes[i]) }),
                  codes[i]);

    Worker *worker = worker_start(exit_with, &codes[0]);
    CHECK(worker_error(worker) == NULL);  // only worker_fail has an error
    CHECK_INT(worker_join(&worker), 7);
}

static int exit_instead(const void *self, const void *element)
{
    (void)element;
    worker_exit((WorkerContext *)self, 3);
}

static void exit_from_deep(WorkerContext *self)
{
    post_number(self->parent_port, 1);
    (void)bsearch(self, &self, 1, sizeof self, exit_instead);
    post_number(self->parent_port, 2);  // is never reached
}

TEST(exits_from_deep, "worker_exit ends the worker from deep in its calls")
{
    Worker *worker = worker_start(exit_from_deep, NULL);
    expect_number(worker->port, 1);
    expect_end(worker->port);
    CHECK_INT(worker_join(&worker), 3);
}

static void fail_after_messages(WorkerContext *self)
{
    post_number(self->parent_port, 1);
    post_number(self->parent_port, 2);
    char reason[] = "out of paper";
    worker_fail(self, "printer %d: %s, 100%%", 3, reason);
}

TEST(fails,
     "a worker that fails has exit code 1 and its text, when all is read")
{
    Worker *worker = worker_start(fail_after_messages, NULL);
    expect_number(worker->port, 1);
    expect_number(worker->port, 2);
    expect_end(worker->port);
    CHECK_TEXT(worker_error(worker), "printer 3: out of paper, 100%");
    CHECK_TEXT(worker_error(worker), "printer 3: out of paper, 100%");
    CHECK_INT(worker_join(&worker), 1);
}

TEST(error_first, "messages can be received after the error was asked for")
{
    Worker *worker = worker_start(fail_after_messages, NULL);
    CHECK_TEXT(worker_error(worker), "printer 3: out of paper, 100%");
    CHECK(!port_post(worker->port, "too late"));
    expect_number(worker->port, 1);
    expect_number(worker->port, 2);
    expect_end(worker->port);
    CHECK_INT(worker_join(&worker), 1);
}

static void fail_with_nothing_to_say(WorkerContext *self)
{
    worker_fail(self, "%s", "");
}

static void fail_with_much_to_say(WorkerContext *self)
{
    worker_fail(self, "%20000d", 1);
}

TEST(error_sizes, "an error text may be empty, which is not NULL, or long")
{
    Worker *worker = worker_start(fail_with_nothing_to_say, NULL);
    CHECK_TEXT(worker_error(worker), "");
    CHECK_INT(worker_join(&worker), 1);

    worker = worker_start(fail_with_much_to_say, NULL);
    CHECK_INT((long long)strlen(worker_error(worker)), 20000);
    CHECK_INT(worker_join(&worker), 1);
}

static void fail_with_inner_error(WorkerContext *self)
{
    Worker *inner = worker_start(fail_after_messages, NULL);
    char error[100];
    snprintf(error, sizeof error, "%s", worker_error(inner));
    worker_join(&inner);
    worker_fail(self, "inner worker: %s", error);
}

TEST(error_handed_up, "a worker may fail with the error of a worker of its own")
{
    Worker *worker = worker_start(fail_with_inner_error, NULL);
    CHECK_TEXT(worker_error(worker),
               "inner worker: printer 3: out of paper, 100%");
    CHECK_INT(worker_join(&worker), 1);
}

static void leave_by_pthread_exit(WorkerContext *self)
{
    post_number(self->parent_port, 1);
    pthread_exit(NULL);
}

TEST(pthread_exits, "a worker that calls pthread_exit closes its port as well")
{
    Worker *worker = worker_start(leave_by_pthread_exit, NULL);
    expect_number(worker->port, 1);
    expect_end(worker->port);
    CHECK(worker_error(worker) == NULL);
    CHECK_INT(worker_join(&worker), 0);
}

static void count_until_the_end(WorkerContext *self)
{
    Message msg;
    int count = 0;
    while (port_receive(self->parent_port, &msg))
        count++;
    CHECK(!port_post(self->parent_port, "does anybody listen?"));
    worker_exit(self, count);
}

TEST(join_wakes, "a worker that waits for messages sees the end at the join")
{
    for (int round = 0; round < 50; round++) {
        Worker *worker = worker_start(count_until_the_end, NULL);
        for (int i = 0; i < round; i++)
            post_number(worker->port, i);
        if (round % 25 == 0)
            test_let_others_run();
        CHECK_INT(worker_join(&worker), round);
    }
}

static void post_and_do_not_read(WorkerContext *self)
{
    for (int i = 0; i < 1000; i++)
        port_postf(self->parent_port, "%d", i);
    Port *port1, *port2;
    channel_open(&port1, &port2);
    if (!port_post_port(self->parent_port, &port1, "a port"))
        port_close(&port1);
    expect_end(port2);
    port_close(&port2);
}

TEST(join_unread, "a join frees what was never read, in either direction")
{
    Worker *worker = worker_start(post_and_do_not_read, NULL);
    Port *port1, *port2;
    channel_open(&port1, &port2);
    port_post(worker->port, "never read");
    port_post_port(worker->port, &port1, "never read either");
    if (port1)
        port_close(&port1);
    CHECK_INT(worker_join(&worker), 0);
    expect_end(port2);
    port_close(&port2);
}

static void answer_on_worker_data(WorkerContext *self)
{
    Port *port = self->worker_data;
    Message msg;
    while (port_receive(port, &msg))
        CHECK(port_postf(self->parent_port, "%s, too", msg.text));
    port_close(&port);
}

TEST(worker_data_port, "a port may be the worker data, with what waits in it")
{
    Port *ours, *theirs;
    channel_open(&ours, &theirs);
    CHECK(port_post(ours, "one"));
    Worker *worker = worker_start(answer_on_worker_data, port_move(&theirs));
    CHECK(port_post(ours, "two"));
    expect_text(worker->port, "one, too");
    expect_text(worker->port, "two, too");
    port_close(&ours);
    expect_end(worker->port);
    worker_join(&worker);
}

static void add_to_worker_data(WorkerContext *self)
{
    *(int *)self->worker_data += 1;
}

TEST(worker_data_shared,
     "worker data is shared and written when the join returns")
{
    int number = 41;
    worker_join(&(Worker *){ worker_start(add_to_worker_data, &number) });
    CHECK_INT(number, 42);
}

static void delegate(WorkerContext *self)
{
    Worker *inner =
        worker_start(answer_on_worker_data, port_move(&self->parent_port));
    CHECK(self->parent_port == NULL);
    expect_text(inner->port, "hello, too");
    expect_end(inner->port);
    CHECK_INT(worker_join(&inner), 0);
}

TEST(parent_port_moved, "a worker may give its parent port to another worker")
{
    Worker *worker = worker_start(delegate, NULL);
    CHECK(port_post(worker->port, "hello"));
    CHECK_INT(worker_join(&worker), 0);
}

TEST(port_moved_before_join, "the port to a worker may outlive the worker")
{
    Worker *worker = worker_start(leave_by_pthread_exit, NULL);
    Port *port = port_move(&worker->port);
    CHECK(worker->port == NULL);
    CHECK_INT(worker_join(&worker), 0);
    expect_number(port, 1);
    expect_end(port);
    port_close(&port);
}

static void check_name(WorkerContext *self)
{
    CHECK_TEXT(self->name, "check_name");
}

static void check_given_name(WorkerContext *self)
{
    expect_end(self->parent_port);  // the name was overwritten before
    CHECK_TEXT(self->name, "a name of its own");
}

TEST(names, "a worker is named after its function, or as it was told")
{
    worker_join(&(Worker *){ worker_start(check_name, NULL) });

    char name[] = "a name of its own";
    Worker *worker = worker_start_named(name, check_given_name, NULL);
    memset(name, 'x', sizeof name - 1);
    worker_join(&worker);
}

#ifdef __linux__
static void check_name_of_thread(WorkerContext *self)
{
    char name[64];
    CHECK_INT(pthread_getname_np(pthread_self(), name, sizeof name), 0);
    CHECK_TEXT(name, self->worker_data);
}

TEST(names_shown, "the name is shown by the system, cut to 15 bytes")
{
    worker_join(
        &(Worker *){ worker_start(check_name_of_thread, "check_name_of_t") });
    worker_join(&(Worker *){
        worker_start_named("short", check_name_of_thread, "short") });
    worker_join(
        &(Worker *){ worker_start_named("123456789012345", check_name_of_thread,
                                        "123456789012345") });
    worker_join(&(Worker *){ worker_start_named("1234567890123456",
                                                check_name_of_thread,
                                                "123456789012345") });
}
#endif

static void join_what_main_started(WorkerContext *self)
{
    worker_join(&(Worker *){ self->worker_data });
}

static void join_from_another_thread(void)
{
    Worker *worker = worker_start(count_until_the_end, NULL);
    worker_join(&(Worker *){ worker_start(join_what_main_started, worker) });
}

TEST(joined_by_another,
     "a worker joined by a thread that did not start it dies")
{
    CHECK_DIES(join_from_another_thread,
               "worker_join: only the thread that started a worker");
}

static void exit_as_another(WorkerContext *self)
{
    worker_exit(self->worker_data, 1);
}

static void start_impostor(WorkerContext *self)
{
    worker_join(&(Worker *){ worker_start(exit_as_another, self) });
}

static void exit_from_another_thread(void)
{
    worker_join(&(Worker *){ worker_start(start_impostor, NULL) });
}

static void exit_of_no_worker(void)
{
    worker_exit(NULL, 1);
}

TEST(exit_of_another, "worker_exit for a worker that is not the caller dies")
{
    CHECK_DIES(exit_from_another_thread, "worker_exit: only the worker itself");
    CHECK_DIES(exit_of_no_worker, "worker_exit: only the worker itself");
}
