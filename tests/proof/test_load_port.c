// Ports under load: four threads post and four receive, as many messages as
// LOAD says (load.h). All arrive, whole and in order, and the memory stays as
// it was.

#include "load.h"
#include "port_checks.h"
#include "worker_threads.h"

enum { PAIRS = 4, WINDOW = 200, LONGEST = 700 };

// As many bytes as follow from its number: mostly few, sometimes many.
static size_t fill(unsigned char bytes[LONGEST], uint64_t number)
{
    uint64_t bits = mixed(number);
    size_t size = sizeof bits + (number % 50 == 0 ? bits % 690 : bits % 50);
    memset(bytes, (int)(number % 251), size);
    memcpy(bytes, &bits, sizeof bits);
    return size;
}

// Told how many to post, waits after each window until it has been received: a
// poster is never held up, so without the window its messages would fill the
// memory.
static void post_rounds(WorkerContext *self)
{
    Port *to = self->worker_data;
    unsigned char bytes[LONGEST];
    uint64_t number = 0;
    Message msg;
    while (port_receive(self->parent_port, &msg)) {
        for (long left = atol(msg.text); left > 0; left--) {
            size_t size = fill(bytes, number);
            CHECK(port_post_bytes(to, bytes, size));
            if (++number % WINDOW == 0)
                CHECK(port_receive(to, &msg));
        }
        post_number(self->parent_port, 0);
    }
    port_close(&to);
}

static void receive_all(WorkerContext *self)
{
    Port *from = self->worker_data;
    unsigned char bytes[LONGEST];
    Message msg;
    long number = 0;
    while (port_receive(from, &msg)) {
        size_t size = fill(bytes, (uint64_t)number);
        CHECK(msg.size == size && memcmp(msg.data, bytes, size) == 0);
        if (++number % WINDOW == 0)
            CHECK(port_post(from, "go on"));
    }
    port_close(&from);
    CHECK(port_postf(self->parent_port, "%ld", number));
}

TEST(pairs, "10,000,000 messages of many sizes between four pairs of threads")
{
    Worker *posters[PAIRS], *receivers[PAIRS];
    for (int i = 0; i < PAIRS; i++) {
        Port *from, *to;
        channel_open(&from, &to);
        posters[i] = worker_start(post_rounds, port_move(&to));
        receivers[i] = worker_start(receive_all, port_move(&from));
    }
    Load load = load_begin("messages of many sizes", 10 * 1000 * 1000);
    while (load_goes_on(&load)) {
        for (int i = 0; i < PAIRS; i++)
            CHECK(port_postf(posters[i]->port, "%ld", load.share / PAIRS));
        for (int i = 0; i < PAIRS; i++)
            expect_number(posters[i]->port, 0);
    }
    for (int i = 0; i < PAIRS; i++) {
        worker_join(&posters[i]);
        Message msg;
        CHECK(port_receive(receivers[i]->port, &msg));
        CHECK_INT(atol(msg.text), load.rounds * (load.share / PAIRS));
        worker_join(&receivers[i]);
    }
    load_end(&load);
}

// As many as a slide's program might open in its life.
TEST(channels, "1,000,000 channels, opened, used and closed")
{
    Load load = load_begin("channels opened, used and closed", 1000 * 1000);
    while (load_goes_on(&load)) {
        for (long i = 0; i < load.share; i++) {
            Port *port1, *port2;
            channel_open(&port1, &port2);
            post_number(port1, (int)i);
            post_number(port1, -1);  // it is never received
            expect_number(port2, (int)i);
            close_both(port1, port2);
        }
    }
    load_end(&load);
}
