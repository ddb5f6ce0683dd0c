// The promises of channel.h about select over several ports.

#include "channel.h"

#include <stdlib.h>
#include <string.h>

#include "port_checks.h"
#include "test.h"
#include "worker_threads.h"

enum { PORTS = 100 };

typedef struct Ends {
    Port *ours[PORTS], *theirs[PORTS];
} Ends;

static void open_all(Ends *ends)
{
    for (int i = 0; i < PORTS; i++)
        channel_open(&ends->ours[i], &ends->theirs[i]);
}

static void close_all(Port *ports[], int count)
{
    for (int i = 0; i < count; i++)
        port_close(&ports[i]);
}

static void echo(WorkerContext *self)
{
    Message msg;
    while (port_receive(self->parent_port, &msg))
        CHECK(port_post_bytes(self->parent_port, msg.data, msg.size));
}

TEST(post_wakes_select, "a message to the last of 100 ports wakes select")
{
    Ends ends;
    open_all(&ends);
    Worker *worker = worker_start(echo, NULL);
    Port *ports[PORTS];
    for (int i = 0; i < PORTS - 1; i++)
        ports[i] = ends.ours[i];
    ports[PORTS - 1] = worker->port;
    for (int i = 0; i < 500; i++) {
        post_number(worker->port, i);
        Message msg;
        CHECK(port_select(ports, PORTS, &msg) == worker->port);
        CHECK_INT(atoi(msg.text), i);
    }
    worker_join(&worker);
    close_all(ends.ours, PORTS);
    close_all(ends.theirs, PORTS);
}

TEST(nothing_stays_behind,
     "posts after a wait do not look for the one who left")
{
    Ends ends;
    open_all(&ends);
    Port *ports[PORTS + 1] = { NULL };
    memcpy(ports + 1, ends.ours, sizeof ends.ours);
    for (int round = 0; round < 20; round++) {
        Message msg;
        Port *from;
        CHECK_INT(port_select_until(ports, PORTS + 1, &msg, &from,
                                    deadline_in_ms(1)),
                  WAIT_TIMED_OUT);
        for (int i = 0; i < PORTS; i++)
            post_number(ends.theirs[i], i);
        for (int i = 0; i < PORTS; i++)
            expect_number(ends.ours[i], i);
    }
    close_all(ends.ours, PORTS);
    close_all(ends.theirs, PORTS);
}

TEST(select_order, "when several ports have a message, the first listed wins")
{
    Ends ends;
    open_all(&ends);
    for (int round = 0; round < 2; round++)
        for (int i = PORTS - 1; i >= 0; i--)
            post_number(ends.theirs[i], 2 * i + round);
    for (int i = 0; i < 2 * PORTS; i++) {
        Message msg;
        CHECK(port_select(ends.ours, PORTS, &msg) == ends.ours[i / 2]);
        CHECK_INT(atoi(msg.text), i);
    }
    close_all(ends.ours, PORTS);
    close_all(ends.theirs, PORTS);
}

TEST(select_nothing, "a select over no ports finds that nothing will come")
{
    Port *ports[] = { NULL, NULL };
    Port *from = NULL;
    Message msg;
    CHECK(port_select(NULL, 0, &msg) == NULL);
    CHECK(port_select(ports, 2, &msg) == NULL);
    CHECK_INT(port_select_until(ports, 2, &msg, &from, MUCH_LATER),
              WAIT_CLOSED);
    CHECK_INT(port_select_until(ports, 0, &msg, &from, DEADLINE_NOW),
              WAIT_CLOSED);
}

TEST(select_entries, "a select passes over NULL entries and closed ports")
{
    Port *port1, *port2, *closed, *other;
    channel_open(&port1, &port2);
    channel_open(&closed, &other);
    post_number(other, 1);
    port_close(&other);
    Port *ports[] = { NULL, closed, NULL, port2, NULL };
    Message msg;
    Port *from = NULL;
    CHECK(port_select(ports, 5, &msg) == closed);
    CHECK_INT(port_select_until(ports, 5, &msg, &from, DEADLINE_NOW),
              WAIT_TIMED_OUT);
    post_number(port1, 2);
    CHECK(port_select(ports, 5, &msg) == port2);
    port_close(&port1);
    CHECK(port_select(ports, 5, &msg) == NULL);
    close_both(closed, port2);
}

TEST(select_same_port, "a select may list a port twice, and both ends of one")
{
    Port *port1, *port2;
    channel_open(&port1, &port2);
    Port *ports[] = { port2, port1, port2 };
    Port *from = NULL;
    Message msg;
    CHECK_INT(port_select_until(ports, 3, &msg, &from, deadline_in_ms(1)),
              WAIT_TIMED_OUT);
    post_number(port2, 1);
    post_number(port1, 2);
    CHECK(port_select(ports, 3, &msg) == port2);
    CHECK(port_select(ports, 3, &msg) == port1);
    CHECK_INT(port_select_until(ports, 3, &msg, &from, DEADLINE_NOW),
              WAIT_TIMED_OUT);
    close_both(port1, port2);
}

static void receive_ports(Port *parent_port, Port *ports[], int count)
{
    Message msg;
    for (int i = 0; i < count; i++) {
        CHECK(port_receive(parent_port, &msg));
        ports[i] = port_move(&msg.port);
    }
}

// Closes one after the other while the other side waits in a select.
static void close_slowly(WorkerContext *self)
{
    Port *ports[3];
    receive_ports(self->parent_port, ports, 3);
    test_let_others_run();
    port_close(&ports[1]);
    test_let_others_run();
    post_number(ports[2], 1);
    port_close(&ports[0]);
    test_let_others_run();
    port_close(&ports[2]);
}

TEST(select_while_closing, "a select waits on while one of its ports is open")
{
    Worker *worker = worker_start(close_slowly, NULL);
    Port *ports[3];
    for (int i = 0; i < 3; i++) {
        Port *theirs;
        channel_open(&ports[i], &theirs);
        CHECK(port_post_port(worker->port, &theirs, "close it"));
    }
    Message msg;
    CHECK(port_select(ports, 3, &msg) == ports[2]);
    CHECK_INT(atoi(msg.text), 1);
    CHECK(port_select(ports, 3, &msg) == NULL);
    CHECK(port_select(ports, 3, &msg) == NULL);
    worker_join(&worker);
    close_all(ports, 3);
}

enum { POSTERS = 4, SHARE = PORTS / POSTERS, MESSAGES = 50 };

static void post_on_its_share(WorkerContext *self)
{
    Port *ports[SHARE];
    receive_ports(self->parent_port, ports, SHARE);
    for (int number = 0; number < MESSAGES; number++)
        for (int i = 0; i < SHARE; i++)
            post_number(ports[i], number);
    close_all(ports, SHARE);
}

static int index_of(Port *port, Port *const ports[])
{
    int i = 0;
    while (ports[i] != port)
        i++;
    return i;
}

TEST(select_100, "a select over 100 ports of 4 workers loses nothing")
{
    Ends ends;
    open_all(&ends);
    Worker *workers[POSTERS];
    for (int i = 0; i < POSTERS; i++)
        workers[i] = worker_start(post_on_its_share, NULL);
    for (int i = 0; i < PORTS; i++)
        CHECK(port_post_port(workers[i % POSTERS]->port, &ends.theirs[i],
                             "post on it"));
    int received[PORTS] = { 0 };
    Message msg;
    Port *from;
    while ((from = port_select(ends.ours, PORTS, &msg)) != NULL)
        CHECK_INT(atoi(msg.text), received[index_of(from, ends.ours)]++);
    for (int i = 0; i < PORTS; i++)
        CHECK_INT(received[i], MESSAGES);
    for (int i = 0; i < POSTERS; i++)
        worker_join(&workers[i]);
    close_all(ends.ours, PORTS);
}
