// Channels in a child of fork, under load: the process forks while other
// threads are anywhere in their calls. They answer on ports that come to them,
// open channels, post one of their ends, and close the other.

#include <sched.h>
#include <stdatomic.h>

#include "channel/port_internal.h"
#include "fork_child.h"
#include "kit.h"
#include "port_checks.h"
#include "worker_threads.h"

static Port *port, *port2;  // a channel
static Port *way, *way2;    // another one

enum { WORKERS = 3 };
static Worker *workers[WORKERS];
static Port *answers[WORKERS];

static void serve(WorkerContext *self)
{
    Message msg;
    while (port_receive(self->parent_port, &msg)) {
        Port *asked = msg.port, *kept, *given;
        channel_open(&kept, &given);
        port_post(kept, "kept");
        port_post_port(asked, &given, "given");
        if (given)
            port_close(&given);
        port_close(&kept);
        port_close(&asked);
    }
}

static void ask(int i)
{
    Port *asked;
    channel_open(&answers[i], &asked);
    CHECK(port_post_port(workers[i]->port, &asked, "ask"));
}

// In a child the answer may never come; then the port is over.
static bool hear(int i)
{
    Message msg;
    bool came = port_receive(answers[i], &msg);
    if (came) {
        CHECK_TEXT(msg.text, "given");
        Port *given = msg.port;
        if (port_receive(given, &msg))
            CHECK_TEXT(msg.text, "kept");
        expect_end(given);
        CHECK(!port_post(given, "refused"));
        port_close(&given);
        expect_end(answers[i]);
    }
    CHECK(!port_post(answers[i], "refused"));
    port_close(&answers[i]);
    return came;
}

static void hear_all_in_child(void)
{
    for (int i = 0; i < WORKERS; i++) {
        hear(i);
        expect_end(workers[i]->port);
        CHECK(!port_post(workers[i]->port, "refused"));
        port_close(&workers[i]->port);
    }
    channel_open(&port, &port2);
    post_number(port, 1);
    expect_number(port2, 1);
    close_both(port, port2);
}

TEST(storm, "forks while ports are posted, answered on and closed")
{
    sanitizer_must_not_lock();
    for (int i = 0; i < WORKERS; i++)
        workers[i] = worker_start(serve, NULL);
    for (int round = 0; round < test_rounds(300); round++) {
        for (int i = 0; i < WORKERS; i++)
            ask(i);
        let_pass(random_moment() * 4);
        check_in_child(hear_all_in_child);
        for (int i = 0; i < WORKERS; i++)
            CHECK(hear(i));
    }
    for (int i = 0; i < WORKERS; i++)
        worker_join(&workers[i]);
}

enum { TRAVELLERS = 1000 };
static Port *left_behind[TRAVELLERS];

static void close_all(WorkerContext *self)
{
    Message msg;
    while (port_receive(self->parent_port, &msg))
        port_post(self->parent_port, "closed, with the next call");
}

// The other end is closed, and that of every second traveller. So in the middle
// of the close their channels are freed, the first of them that of the
// messages.
static void send_travellers(Port *to)
{
    for (int i = 0; i < TRAVELLERS; i++) {
        channel_open(&left_behind[i], &port2);
        CHECK(port_post_port(way, &port2, "travel"));
        if (i % 2 != 0)
            port_close(&left_behind[i]);
    }
    port_close(&way);
    CHECK(port_post_port(to, &way2, "close this"));
}

static void expect_ends(void)
{
    for (int i = 0; i < TRAVELLERS; i += 2) {
        expect_end(left_behind[i]);
        port_close(&left_behind[i]);
    }
}

TEST(storm_of_closes, "forks while a close closes 1000 ports that waited in it")
{
    sanitizer_must_not_lock();
    Worker *worker = worker_start(close_all, NULL);
    for (int round = 0; round < test_rounds(100); round++) {
        channel_open(&way, &way2);
        send_travellers(worker->port);
        CHECK(port_post(worker->port, "now"));
        // The last traveller is closed first.
        while (!(atomic_load(&left_behind[TRAVELLERS - 2]->state) & OVER))
            sched_yield();
        let_pass(random_moment());
        check_in_child(expect_ends);
        expect_ends();
        expect_text(worker->port, "closed, with the next call");
        expect_text(worker->port, "closed, with the next call");
    }
    worker_join(&worker);
}
