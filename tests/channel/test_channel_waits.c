// The promises of channel.h about waiting: wake-ups and deadlines. More about
// select is in test_channel_select.c.

#include "channel.h"

#include <stdlib.h>
#include <time.h>

#include "port_checks.h"
#include "test.h"
#include "worker_threads.h"

static void echo(WorkerContext *self)
{
    Message msg;
    while (port_receive(self->parent_port, &msg))
        CHECK(port_post_bytes(self->parent_port, msg.data, msg.size));
}

TEST(post_wakes_receive, "a message wakes receive, every time")
{
    Worker *worker = worker_start(echo, NULL);
    for (int i = 0; i < 2000; i++) {
        post_number(worker->port, i);
        expect_number(worker->port, i);
    }
    worker_join(&worker);
}

TEST(post_wakes_receive_until, "a message wakes receive_until, every time")
{
    Worker *worker = worker_start(echo, NULL);
    for (int i = 0; i < 2000; i++) {
        post_number(worker->port, i);
        Message msg;
        CHECK_INT(port_receive_until(worker->port, &msg, MUCH_LATER), WAIT_OK);
        CHECK_INT(atoi(msg.text), i);
    }
    worker_join(&worker);
}

static void wait_in_receive(WorkerContext *self)
{
    Message msg;
    CHECK(!port_receive(self->parent_port, &msg));
}

static void wait_in_receive_until(WorkerContext *self)
{
    Message msg;
    CHECK_INT(port_receive_until(self->parent_port, &msg, MUCH_LATER),
              WAIT_CLOSED);
}

static void wait_in_select(WorkerContext *self)
{
    Port *port1, *port2;
    channel_open(&port1, &port2);
    port_close(&port2);
    Port *ports[] = { NULL, self->parent_port, port1 };
    Message msg;
    CHECK(port_select(ports, 3, &msg) == NULL);
    port_close(&port1);
}

// Sometimes the worker waits when we close, sometimes it is not there yet.
static void close_while_it_waits(void (*wait)(WorkerContext *self))
{
    for (int round = 0; round < 100; round++) {
        Worker *worker = worker_start(wait, NULL);
        if (round % 50 == 0)
            test_let_others_run();
        port_close(&worker->port);
        worker_join(&worker);
    }
}

TEST(close_wakes_receive, "a close wakes a thread that waits in receive")
{
    close_while_it_waits(wait_in_receive);
}

TEST(close_wakes_receive_until,
     "a close wakes a thread that waits in receive_until")
{
    close_while_it_waits(wait_in_receive_until);
}

TEST(close_wakes_select, "a close wakes a thread that waits in select")
{
    close_while_it_waits(wait_in_select);
}

static long long milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

TEST(deadline_passes, "a wait ends at its deadline and not before")
{
    Port *port1, *port2;
    channel_open(&port1, &port2);
    Message msg = { .text = "as it was" };
    Port *from = port1;
    long long start = milliseconds();
    CHECK_INT(port_receive_until(port2, &msg, deadline_in_ms(30)),
              WAIT_TIMED_OUT);
    CHECK(milliseconds() - start >= 30);

    start = milliseconds();
    CHECK_INT(port_select_until(&port2, 1, &msg, &from, deadline_in_ms(30)),
              WAIT_TIMED_OUT);
    CHECK(milliseconds() - start >= 30);
    CHECK_TEXT(msg.text, "as it was");
    CHECK(from == port1);
    close_both(port1, port2);
}

TEST(deadline_now, "a try on an empty port is in vain, and leaves msg alone")
{
    Port *port1, *port2;
    channel_open(&port1, &port2);
    Message msg = { .text = "as it was" };
    CHECK_INT(port_receive_until(port2, &msg, DEADLINE_NOW), WAIT_TIMED_OUT);
    CHECK_INT(port_receive_until(port2, &msg, deadline_in_ms(-5)),
              WAIT_TIMED_OUT);
    CHECK_TEXT(msg.text, "as it was");
    port_close(&port1);
    CHECK_INT(port_receive_until(port2, &msg, DEADLINE_NOW), WAIT_CLOSED);
    CHECK_TEXT(msg.text, "as it was");
    port_close(&port2);
}

TEST(deadline_expired, "a message that is there comes after the deadline too")
{
    Port *port1, *port2;
    channel_open(&port1, &port2);
    Deadline deadline = deadline_in_ms(1);
    test_let_others_run();
    for (int i = 0; i < 3; i++)
        post_number(port1, i);
    Message msg;
    CHECK_INT(port_receive_until(port2, &msg, deadline), WAIT_OK);
    CHECK_INT(port_receive_until(port2, &msg, DEADLINE_NOW), WAIT_OK);
    Port *from = NULL;
    CHECK_INT(port_select_until(&port2, 1, &msg, &from, deadline), WAIT_OK);
    CHECK(from == port2);
    CHECK_INT(atoi(msg.text), 2);
    CHECK_INT(port_receive_until(port2, &msg, deadline), WAIT_TIMED_OUT);
    close_both(port1, port2);
}

// Posts now and then, so that waits end by a message and by their deadline.
static void post_slowly(WorkerContext *self)
{
    for (int i = 0; i < 200; i++) {
        post_number(self->parent_port, i);
        nanosleep(&(struct timespec){ .tv_nsec = i % 20 * 100000 }, NULL);
    }
}

TEST(deadline_or_post, "a message that comes with the deadline is not lost")
{
    Worker *worker = worker_start(post_slowly, NULL);
    Message msg;
    WaitResult result;
    int received = 0;
    do {
        result = port_receive_until(worker->port, &msg, deadline_in_ms(1));
        if (result == WAIT_OK)
            CHECK_INT(atoi(msg.text), received++);
    } while (result != WAIT_CLOSED);
    CHECK_INT(received, 200);
    worker_join(&worker);
}

// Wakes the other side in vain, and much later in earnest.
static void close_and_sleep(WorkerContext *self)
{
    Port *port = self->worker_data;
    port_close(&port);
    nanosleep(&(struct timespec){ .tv_nsec = 200 * 1000000 }, NULL);
    post_number(self->parent_port, 1);
}

TEST(waits_asleep, "a thread that waits takes no processor time")
{
    Port *ours, *theirs;
    channel_open(&ours, &theirs);
    Worker *worker = worker_start(close_and_sleep, port_move(&theirs));
    Port *ports[] = { ours, worker->port };
    Message msg;
    Port *from;
    clock_t start = clock();
    CHECK_INT(port_select_until(ports, 2, &msg, &from, MUCH_LATER), WAIT_OK);
    CHECK(clock() - start < CLOCKS_PER_SEC / 10);
    worker_join(&worker);
    port_close(&ours);
}

TEST(tries, "a try takes no time, however often there is nothing")
{
    Port *port1, *port2;
    channel_open(&port1, &port2);
    Port *ports[] = { NULL, port2 }, *from;
    Message msg;
    clock_t start = clock();
    for (int i = 0; i < 20000; i++) {
        CHECK_INT(port_receive_until(port2, &msg, DEADLINE_NOW),
                  WAIT_TIMED_OUT);
        CHECK_INT(port_select_until(ports, 2, &msg, &from, DEADLINE_NOW),
                  WAIT_TIMED_OUT);
    }
    CHECK(clock() - start < CLOCKS_PER_SEC / 5);
    close_both(port1, port2);
}

enum { SLEEPERS = 8 };

// Waits with every kind of wait for a message, and in the end for the close.
static void sleep_and_wake(WorkerContext *self)
{
    Port *idle1, *idle2, *from;
    channel_open(&idle1, &idle2);
    Port *ports[] = { idle1, self->parent_port, idle2 };
    Port *pair[] = { NULL, self->parent_port };
    Message msg;
    expect_number(self->parent_port, 0);
    CHECK_INT(port_receive_until(self->parent_port, &msg, MUCH_LATER), WAIT_OK);
    CHECK(port_select(pair, 2, &msg) == self->parent_port);
    CHECK_INT(port_select_until(ports, 3, &msg, &from, MUCH_LATER), WAIT_OK);
    CHECK_INT(atoi(msg.text), 3);
    CHECK_INT(port_receive_until(self->parent_port, &msg, MUCH_LATER),
              WAIT_CLOSED);
    close_both(idle1, idle2);
}

TEST(sleepers, "who has slept for long wakes by a post, and by a close")
{
    Worker *workers[SLEEPERS];
    for (int i = 0; i < SLEEPERS; i++)
        workers[i] = worker_start(sleep_and_wake, NULL);
    for (int number = 0; number < 4; number++) {
        test_let_others_run();
        for (int i = 0; i < SLEEPERS; i++)
            post_number(workers[i]->port, number);
    }
    test_let_others_run();
    clock_t start = clock();
    test_let_others_run();
    CHECK(clock() - start < CLOCKS_PER_SEC / 100);  // they sleep
    for (int i = 0; i < SLEEPERS; i++)
        port_close(&workers[i]->port);
    for (int i = 0; i < SLEEPERS; i++)
        worker_join(&workers[i]);
}
