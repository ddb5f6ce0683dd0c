// The promises of ports under load: nothing lost, nothing twice, nothing out of
// order, and no memory that only grows.

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "channel.h"
#include "port_checks.h"
#include "sanitizers.h"
#include "test.h"
#include "worker_threads.h"

// A message that can be told from any other: its number, and bytes that follow
// from it, as many as follow from it.
typedef struct Numbered {
    uint32_t number;
    unsigned char rest[600];
} Numbered;

static size_t rest_size(uint32_t number)
{
    uint32_t mixed = number * 2654435761U;
    return number % 64 == 0 ? mixed % 600 : (mixed >> 8) % 60;
}

static size_t numbered_fill(Numbered *message, uint32_t number)
{
    size_t rest = rest_size(number);
    message->number = number;
    memset(message->rest, (int)(number % 251), rest);
    return offsetof(Numbered, rest) + rest;
}

static void post_numbered(Port *port, uint32_t number)
{
    Numbered message;
    size_t size = numbered_fill(&message, number);
    CHECK(port_post_bytes(port, &message, size));
}

static void check_numbered(const Message *msg, uint32_t number)
{
    Numbered expected;
    size_t size = numbered_fill(&expected, number);
    CHECK_INT((long long)msg->size, (long long)size);
    CHECK(memcmp(msg->data, &expected, size) == 0);
}

static void expect_numbered(Port *port, uint32_t number)
{
    Message msg;
    CHECK(port_receive(port, &msg));
    check_numbered(&msg, number);
}

static long most_memory_ever(void)
{
    struct rusage usage;
    CHECK_INT(getrusage(RUSAGE_SELF, &usage), 0);
    return usage.ru_maxrss;  // in units that differ from system to system
}

enum { STREAM = 500 * 1000 };

static void post_stream(WorkerContext *self)
{
    for (uint32_t i = 0; i < STREAM; i++)
        post_numbered(self->parent_port, i);
}

TEST(stream, "half a million messages of many sizes arrive as they were posted")
{
    Worker *worker = worker_start(post_stream, NULL);
    for (uint32_t i = 0; i < STREAM; i++)
        expect_numbered(worker->port, i);
    expect_end(worker->port);
    worker_join(&worker);
}

// Reads for a while, and then lets the poster get far ahead, and so on.
TEST(by_fits_and_starts, "a stream arrives whole to a reader that often pauses")
{
    Worker *worker = worker_start(post_stream, NULL);
    for (uint32_t i = 0; i < STREAM; i++) {
        if (i % (STREAM / 4) == 1000)
            test_let_others_run();
        expect_numbered(worker->port, i);
    }
    expect_end(worker->port);
    worker_join(&worker);
}

static void post_and_receive_streams(Port *port)
{
    for (uint32_t i = 0; i < STREAM / 10; i++) {
        post_numbered(port, i);
        if (i % 100 == 99)
            for (uint32_t back = i - 99; back <= i; back++)
                expect_numbered(port, back);
    }
}

static void stream_with_parent(WorkerContext *self)
{
    post_and_receive_streams(self->parent_port);
}

TEST(both_ways, "two streams pass each other")
{
    Worker *worker = worker_start(stream_with_parent, NULL);
    post_and_receive_streams(worker->port);
    expect_end(worker->port);
    worker_join(&worker);
}

// In the textbook version a message is a block of malloc.
static void skip_if_blocks_are_kept(void)
{
#ifdef COMMON_PLAIN
    if (ADDRESS_SANITIZER)
        test_skip("AddressSanitizer does not use freed blocks again");
#endif
}

TEST(keeping_up, "who keeps up with a stream needs no more memory with time")
{
    skip_if_blocks_are_kept();
    Worker *worker = worker_start(stream_with_parent, NULL);
    long memory = 0;
    for (uint32_t i = 0; i < STREAM / 10; i++) {
        expect_numbered(worker->port, i);
        post_numbered(worker->port, i);
        if (i == STREAM / 100)
            memory = most_memory_ever();
    }
    CHECK(most_memory_ever() < 2 * memory);
    worker_join(&worker);
}

// By their addresses: those of messages that were taken come again.
TEST(used_again, "what messages take is used again")
{
    enum { PLACES = 4096 };
    static bool used[PLACES];
    Port *port1, *port2;
    skip_if_blocks_are_kept();
    channel_open(&port1, &port2);
    int places = 0;
    for (uint32_t i = 0; i < 20000; i++) {
        post_numbered(port1, i);
        Message msg;
        CHECK(port_receive(port2, &msg));
        bool *place = &used[(uintptr_t)msg.data / 4096 % PLACES];
        places += !*place;
        *place = true;
    }
    CHECK(places < 20);
    close_both(port1, port2);
}

static void answer_numbered(WorkerContext *self)
{
    Message msg;
    for (uint32_t i = 0; port_receive(self->parent_port, &msg); i++) {
        check_numbered(&msg, i);
        post_numbered(self->parent_port, i + 1);
    }
}

TEST(ping_pong, "question and answer take turns, 20000 times")
{
    Worker *worker = worker_start(answer_numbered, NULL);
    for (uint32_t i = 0; i < 20000; i++) {
        post_numbered(worker->port, i);
        expect_numbered(worker->port, i + 1);
    }
    worker_join(&worker);
}

enum { RING = 5, ROUNDS = 1000 };

static void pass_on(WorkerContext *self)
{
    Message msg;
    CHECK(port_receive(self->parent_port, &msg));
    Port *next = port_move(&msg.port);
    while (port_receive(self->parent_port, &msg))
        CHECK(port_postf(next, "%d", atoi(msg.text) + 1));
    port_close(&next);
}

// The last worker's messages come to us, and we pass them to the first one.
TEST(ring, "a message goes round among five workers, 1000 times")
{
    Worker *workers[RING];
    Port *from_last, *next;
    channel_open(&from_last, &next);
    for (int i = RING - 1; i >= 0; i--) {
        workers[i] = worker_start(pass_on, NULL);
        CHECK(port_post_port(workers[i]->port, &next, "pass on to"));
        next = port_move(&workers[i]->port);
    }
    post_number(next, 0);
    for (int round = 1; round < ROUNDS; round++) {
        expect_number(from_last, round * RING + round - 1);
        post_number(next, round * RING + round);
    }
    expect_number(from_last, ROUNDS * RING + ROUNDS - 1);
    port_close(&next);
    expect_end(from_last);
    port_close(&from_last);
    for (int i = 0; i < RING; i++)
        worker_join(&workers[i]);
}

enum { PORTS = 64, POSTERS = 4, SHARE = PORTS / POSTERS, EACH = 500 };

static void post_on_its_share(WorkerContext *self)
{
    Port *ports[SHARE];
    Message msg;
    for (int i = 0; i < SHARE; i++) {
        CHECK(port_receive(self->parent_port, &msg));
        ports[i] = port_move(&msg.port);
    }
    for (uint32_t number = 0; number < EACH; number++)
        for (int i = 0; i < SHARE; i++)
            post_numbered(ports[i], number);
    for (int i = 0; i < SHARE; i++)
        port_close(&ports[i]);
}

static void give_ports(Worker *worker, Port *ours[])
{
    for (int i = 0; i < SHARE; i++) {
        Port *theirs;
        channel_open(&ours[i], &theirs);
        CHECK(port_post_port(worker->port, &theirs, "post on it"));
    }
}

TEST(select_64, "a select over 64 ports of 4 posters loses nothing")
{
    Worker *workers[POSTERS];
    Port *ports[PORTS];
    for (int i = 0; i < POSTERS; i++) {
        workers[i] = worker_start(post_on_its_share, NULL);
        give_ports(workers[i], &ports[i * SHARE]);
    }
    uint32_t received[PORTS] = { 0 };
    Message msg;
    Port *from;
    while ((from = port_select(ports, PORTS, &msg)) != NULL) {
        int i = 0;
        while (ports[i] != from)
            i++;
        check_numbered(&msg, received[i]++);
    }
    for (int i = 0; i < PORTS; i++) {
        CHECK_INT(received[i], EACH);
        port_close(&ports[i]);
    }
    for (int i = 0; i < POSTERS; i++)
        worker_join(&workers[i]);
}
