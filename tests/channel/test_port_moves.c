// The promises of channel.h about ports that move to another owner, most of
// them in messages. Calls by a thread that is not the owner are in
// test_port_misuse.c.

#include "channel.h"

#include <pthread.h>
#include <stdlib.h>

#include "port_checks.h"
#include "test.h"
#include "worker_threads.h"

static void expect_nothing_yet(Port *port)
{
    Message msg;
    CHECK_INT(port_receive_until(port, &msg, DEADLINE_NOW), WAIT_TIMED_OUT);
}

static void expect_end_now(Port *port)
{
    Message msg;
    CHECK_INT(port_receive_until(port, &msg, DEADLINE_NOW), WAIT_CLOSED);
}

static Port *receive_port(Port *port)
{
    Message msg;
    CHECK(port_receive(port, &msg));
    CHECK(msg.port != NULL);
    return port_move(&msg.port);
}

// A channel, and a port of another one that travels on it.
typedef struct Journey {
    Port *from, *to;
    Port *traveller, *friend;  // the friend stays with us
} Journey;

static Journey journey_new(void)
{
    Journey journey;
    channel_open(&journey.from, &journey.to);
    channel_open(&journey.traveller, &journey.friend);
    return journey;
}

static void set_out(Journey *journey)
{
    CHECK(port_post_port(journey->from, &journey->traveller, "1, 2"));
    CHECK(journey->traveller == NULL);
}

static void arrive_unclaimed(Journey *journey, Message *msg)
{
    set_out(journey);
    CHECK(port_receive(journey->to, msg));
    CHECK(msg->port != NULL);
    expect_nothing_yet(journey->friend);
}

static void journey_close(Journey *journey)
{
    Port **ports[] = { &journey->from, &journey->to, &journey->traveller,
                       &journey->friend };
    for (int i = 0; i < 4; i++)
        if (*ports[i])
            port_close(ports[i]);
}

TEST(moved, "a port arrives with its message and works as before")
{
    Journey journey = journey_new();
    set_out(&journey);
    Message msg;
    CHECK(port_receive(journey.to, &msg));
    CHECK_TEXT(msg.text, "1, 2");
    CHECK(msg.port != NULL);
    post_number(msg.port, 1);
    expect_number(journey.friend, 1);
    post_number(journey.friend, 2);
    expect_number(msg.port, 2);
    port_close(&msg.port);
    expect_end_now(journey.friend);
    journey_close(&journey);
}

TEST(moved_with_messages, "what waits in a port travels along, in order")
{
    Journey journey = journey_new();
    for (int i = 0; i < 3; i++)
        post_number(journey.friend, i);
    expect_number(journey.traveller, 0);
    set_out(&journey);
    post_number(journey.friend, 3);
    port_close(&journey.friend);
    Port *port = receive_port(journey.to);
    for (int i = 1; i < 4; i++)
        expect_number(port, i);
    expect_end(port);
    port_close(&port);
    journey_close(&journey);
}

static void read_100_numbers(WorkerContext *self)
{
    Message msg;
    while (port_receive(self->parent_port, &msg)) {
        int next = atoi(msg.text);
        Port *port = port_move(&msg.port);
        for (int i = 0; i < 100; i++)
            expect_number(port, next++);
        CHECK(port_post_port(self->parent_port, &port, NUMBER_TEXT(next)));
    }
}

static void post_10000_numbers(WorkerContext *self)
{
    for (int i = 0; i < 10000; i++)
        post_number(self->parent_port, i);
}

TEST(moved_while_peer_posts,
     "a port goes from reader to reader, losing nothing")
{
    Worker *readers[] = { worker_start(read_100_numbers, NULL),
                          worker_start(read_100_numbers, NULL) };
    Worker *poster = worker_start(post_10000_numbers, NULL);
    Port *port = port_move(&poster->port);
    for (int next = 0; next < 10000; next += 100) {
        Port *reader = readers[next / 100 % 2]->port;
        CHECK(port_post_port(reader, &port, NUMBER_TEXT(next)));
        port = receive_port(reader);
    }
    expect_end(port);
    port_close(&port);
    worker_join(&poster);
    for (int i = 0; i < 2; i++)
        worker_join(&readers[i]);
}

static void pass_on(WorkerContext *self)
{
    Port *port = self->worker_data;
    Message msg;
    while (port_receive(port, &msg) && atoi(msg.text) < 2000)
        post_number(port, atoi(msg.text) + 1);
    port_close(&port);
}

TEST(both_ends_moved, "two threads talk over a channel that a third opened")
{
    Port *port1, *port2;
    channel_open(&port1, &port2);
    post_number(port1, 1);
    Worker *worker1 = worker_start(pass_on, port_move(&port1));
    Worker *worker2 = worker_start(pass_on, port_move(&port2));
    CHECK(port1 == NULL && port2 == NULL);
    worker_join(&worker1);
    worker_join(&worker2);
}

TEST(refused, "when the other end is closed, the port stays as it was")
{
    Journey journey = journey_new();
    Port *same = journey.traveller;
    post_number(journey.friend, 1);
    port_close(&journey.to);
    CHECK(!port_post_port(journey.from, &journey.traveller, "not posted"));
    CHECK(journey.traveller == same);
    expect_number(journey.traveller, 1);
    post_number(journey.traveller, 2);
    expect_number(journey.friend, 2);
    journey_close(&journey);
}

TEST(lost, "the peer of a port in a message never received sees the end")
{
    for (int order = 0; order < 2; order++) {
        Journey journey = journey_new();
        set_out(&journey);
        if (order == 1)
            port_close(&journey.from);
        post_number(journey.friend, 1);
        port_close(&journey.to);
        expect_end_now(journey.friend);
        CHECK(!port_post(journey.friend, "too late"));
        journey_close(&journey);
    }
}

static void wait_for_end(WorkerContext *self)
{
    Port *port = self->worker_data;
    expect_end(port);
    port_close(&port);
}

TEST(lost_wakes, "the peer of a port in a lost message wakes")
{
    Journey journey = journey_new();
    Worker *worker = worker_start(wait_for_end, port_move(&journey.friend));
    set_out(&journey);
    test_let_others_run();
    port_close(&journey.to);
    worker_join(&worker);
    journey_close(&journey);
}

TEST(unclaimed_receive, "the next message closes the port that came before it")
{
    Journey journey = journey_new();
    Message msg;
    arrive_unclaimed(&journey, &msg);
    post_number(journey.from, 1);
    expect_number(journey.to, 1);
    expect_end_now(journey.friend);
    journey_close(&journey);
}

TEST(unclaimed_in_vain, "a receive in vain closes the port that came before it")
{
    Journey journey = journey_new();
    Message msg;
    arrive_unclaimed(&journey, &msg);
    expect_nothing_yet(journey.to);
    expect_end_now(journey.friend);
    journey_close(&journey);
}

TEST(unclaimed_select, "a select closes what came before to each of its ports")
{
    Journey journey = journey_new();
    Port *port1, *port2;
    channel_open(&port1, &port2);
    Message msg;
    arrive_unclaimed(&journey, &msg);
    post_number(port1, 1);
    Port *ports[] = { port2, journey.to };
    CHECK(port_select(ports, 2, &msg) == port2);
    expect_end_now(journey.friend);
    close_both(port1, port2);
    journey_close(&journey);
}

TEST(unclaimed_move, "a move closes the port that came before it")
{
    Journey journey = journey_new();
    Message msg;
    arrive_unclaimed(&journey, &msg);
    journey.to = port_move(&journey.to);
    expect_end_now(journey.friend);
    journey_close(&journey);
}

TEST(unclaimed_close, "a close closes the port that came before it")
{
    Journey journey = journey_new();
    Message msg;
    arrive_unclaimed(&journey, &msg);
    port_close(&journey.to);
    expect_end_now(journey.friend);
    journey_close(&journey);
}

static void claim(Port **port, int way)
{
    if (way == 0)
        *port = port_move(port);
    if (way == 1)
        CHECK(port_post(*port, "claimed"));
    if (way == 2)
        CHECK(port_post_bytes(*port, "claimed", 7));
    if (way == 3)
        expect_nothing_yet(*port);
}

TEST(claimed, "a port that was used or moved does not close with its message")
{
    for (int way = 0; way < 4; way++) {
        Journey journey = journey_new();
        Message msg;
        arrive_unclaimed(&journey, &msg);
        claim(&msg.port, way);
        post_number(journey.from, 1);
        expect_number(journey.to, 1);
        port_close(&journey.to);
        post_number(journey.friend, 2);
        expect_number(msg.port, 2);
        port_close(&msg.port);
        journey_close(&journey);
    }
}

TEST(claimed_by_select, "a select claims the port that came on another of its")
{
    for (int place = 0; place < 2; place++) {
        Journey journey = journey_new();
        Message msg;
        arrive_unclaimed(&journey, &msg);
        Port *port = msg.port;
        Port *ports[] = { journey.to, journey.to };
        ports[place] = port;
        post_number(journey.friend, 1);
        Port *from = NULL;
        CHECK_INT(port_select_until(ports, 2, &msg, &from, DEADLINE_NOW),
                  WAIT_OK);
        CHECK(from == port);
        expect_nothing_yet(journey.friend);
        port_close(&port);
        journey_close(&journey);
    }
}

// Returns a port in which a port waits in which a port waits, and so on. The
// innermost one is the peer of *bottom.
static Port *chain(int length, Port **bottom)
{
    Port *outer;
    channel_open(bottom, &outer);
    for (int i = 1; i < length; i++) {
        Port *inner = outer, *poster;
        channel_open(&poster, &outer);
        CHECK(port_post_port(poster, &inner, NUMBER_TEXT(i)));
        port_close(&poster);
    }
    return outer;
}

TEST(nested, "ports arrive out of ports that arrived in messages")
{
    Port *bottom;
    Port *port = chain(10, &bottom);
    for (int i = 1; i < 10; i++) {
        Port *inner = receive_port(port);
        expect_end(port);
        port_close(&port);
        port = inner;
    }
    post_number(bottom, 1);
    expect_number(port, 1);
    close_both(port, bottom);
}

enum { LONGER_THAN_A_STACK = 100000 };

TEST(long_chain, "a chain of 100000 ports in ports closes at once")
{
    Port *bottom;
    Port *port = chain(LONGER_THAN_A_STACK, &bottom);
    port_close(&port);
    expect_end_now(bottom);
    port_close(&bottom);
}

static void *close_it(void *arg)
{
    Port *port = arg;
    port_close(&port);
    return NULL;
}

TEST(long_chain_in_thread, "a chain closes in a thread with a small stack too")
{
    Port *bottom;
    Port *port = chain(LONGER_THAN_A_STACK, &bottom);
    pthread_attr_t small;
    CHECK_INT(pthread_attr_init(&small), 0);
    CHECK_INT(pthread_attr_setstacksize(&small, 128 * 1024), 0);
    pthread_t thread;
    CHECK_INT(pthread_create(&thread, &small, close_it, port_move(&port)), 0);
    expect_end(bottom);
    port_close(&bottom);
    CHECK_INT(pthread_join(thread, NULL), 0);
    CHECK_INT(pthread_attr_destroy(&small), 0);
}

TEST(all_freed, "a close frees messages, ports and messages in ports")
{
    static char large[10000];
    for (int order = 0; order < 2; order++) {
        Journey journey = journey_new();
        CHECK(port_post_bytes(journey.friend, large, sizeof large));
        Message msg;
        arrive_unclaimed(&journey, &msg);
        Port *bottom;
        Port *port = chain(3, &bottom);
        CHECK(port_post_port(journey.from, &port, "a chain"));
        CHECK(port_post_bytes(journey.from, large, sizeof large));
        CHECK(port_post_bytes(journey.to, large, sizeof large));
        port_close(order ? &journey.from : &journey.to);
        journey_close(&journey);
        expect_end(bottom);
        port_close(&bottom);
    }
}
