// Workers and fork: what a child can do with its parent's workers, and a worker
// that forks itself.

#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "fork_child.h"
#include "gate.h"
#include "kit.h"
#include "port_checks.h"
#include "worker_threads.h"

static Worker *worker;
static Gate go_on;

static void wait_for_end(WorkerContext *self)
{
    gate_pass(&go_on);
    expect_end(self->parent_port);
}

static void join(void)
{
    worker_join(&worker);
}

static void read_error(void)
{
    worker_error(worker);
}

TEST(join_in_child, "a child that joins its parent's worker is told why not")
{
    worker = worker_start(wait_for_end, NULL);
    CHECK_DIES(join, "worker_join: this worker runs in the process that "
                     "started it; a child of fork cannot join it");
    CHECK_DIES(read_error, "worker_error: this worker runs in the process "
                           "that started it; a child of fork cannot join it");
    gate_open(&go_on);
    worker_join(&worker);
    worker = worker_start(wait_for_end, NULL);
    CHECK_DIES(join, "cannot join it");
    worker_join(&worker);
}

static void fail_at_once(WorkerContext *self)
{
    worker_fail(self, "at once");
}

static void join_again(void)
{
    CHECK_TEXT(worker_error(worker), "at once");
    CHECK_INT(worker_join(&worker), 1);
    CHECK(worker == NULL);
}

TEST(ended, "a worker whose error was read before can be joined in a child")
{
    worker = worker_start(fail_at_once, NULL);
    CHECK_TEXT(worker_error(worker), "at once");
    check_in_child(join_again);
    join_again();
}

static void answer(WorkerContext *self)
{
    Message msg;
    post_number(self->parent_port, 1);
    while (port_receive(self->parent_port, &msg))
        port_post(self->parent_port, msg.text);
}

static void hear_the_end(void)
{
    Message msg;
    if (port_receive(worker->port, &msg)) {
        CHECK_TEXT(msg.text, "1");
        expect_end(worker->port);
    }
    CHECK(!port_post(worker->port, "refused"));
}

// Most of these workers have not begun to run when the process forks.
TEST(just_started, "the port of a worker that has just started is closed, too")
{
    sanitizer_must_not_lock();
    for (int i = 0; i < test_rounds(200); i++) {
        worker = worker_start(answer, NULL);
        let_pass(random_moment() * (i % 2));
        check_in_child(hear_the_end);
        CHECK(port_post(worker->port, "2"));
        expect_number(worker->port, 1);
        expect_number(worker->port, 2);
        worker_join(&worker);
    }
}

static void use_worker(void)
{
    Worker *own = worker_start(answer, NULL);
    expect_number(own->port, 1);
    for (int i = 0; i < 100; i++) {
        post_number(own->port, i);
        expect_number(own->port, i);
    }
    CHECK_INT(worker_join(&own), 0);
}

static void use_worker_and_child(void)
{
    use_worker();
    check_in_child(use_worker);
    use_worker();
}

TEST(own_worker, "a child, and a child of that, have workers of their own")
{
    sanitizer_must_not_lock();
    children_must_have_threads();
    worker = worker_start(wait_for_end, NULL);
    for (int i = 0; i < 20; i++)
        check_in_child(use_worker_and_child);
    gate_open(&go_on);
    worker_join(&worker);
}

// A worker that forks: its function goes on in the child.

static int ending;

static void check_no_parent(WorkerContext *self)
{
    Message msg;
    CHECK(!port_receive(self->parent_port, &msg));
    CHECK(!port_post(self->parent_port, "refused"));
}

static void fork_in_worker(WorkerContext *self)
{
    fflush(NULL);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child > 0) {
        int status;
        CHECK_INT(waitpid(child, &status, 0), child);
        port_postf(self->parent_port, "%d", status);
        return;
    }
    alarm(CHILD_SECONDS);
    check_no_parent(self);
    if (ending == 1)
        worker_exit(self, 7);
    if (ending == 2)
        worker_fail(self, "in the child");
    if (ending == 3)
        use_worker();
}

static void check_ending(int number)
{
    ending = number;
    worker = worker_start(fork_in_worker, NULL);
    expect_number(worker->port, 0);
    CHECK_INT(worker_join(&worker), 0);
}

TEST(worker_forks, "a child of a worker ends with the worker's function")
{
    children_must_have_threads();  // they end one
    static Worker *other;
    other = worker_start(wait_for_end, NULL);
    for (int number = 0; number < 3; number++)
        check_ending(number);
    gate_open(&go_on);
    worker_join(&other);
}

TEST(worker_forks_and_starts, "a child of a worker has workers of its own")
{
    children_must_have_threads();
    check_ending(3);
}
