// The promises of channel.h about messages and closing. Waiting is in
// test_channel_waits.c, ports on the move and misuse in test_port_moves.c.

#include "channel.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/die.h"
#include "port_checks.h"
#include "test.h"
#include "worker_threads.h"

// Bytes that differ with their place and with the size, and end with the NUL
// that a message has.
static char *pattern(size_t size)
{
    char *bytes = must_malloc(size + 1);
    for (size_t i = 0; i < size; i++)
        bytes[i] = (char)(size + 31 * i);
    bytes[size] = '\0';
    return bytes;
}

static void post_pattern(Port *port, size_t size)
{
    char *bytes = pattern(size);
    CHECK(port_post_bytes(port, bytes, size));
    free(bytes);
}

static void check_pattern(const Message *msg, size_t size)
{
    CHECK_INT((long long)msg->size, (long long)size);
    char *expected = pattern(size);
    CHECK(memcmp(msg->data, expected, size + 1) == 0);
    free(expected);
}

static void expect_pattern(Port *port, size_t size)
{
    Message msg;
    CHECK(port_receive(port, &msg));
    check_pattern(&msg, size);
}

TEST(fifo, "messages arrive once each and in the order they were posted")
{
    Port *port1, *port2;
    channel_open(&port1, &port2);
    for (int i = 0; i < 100000; i++)
        post_number(port1, i);
    for (int i = 0; i < 100000; i++)
        expect_number(port2, i);
    Message msg;
    CHECK_INT(port_receive_until(port2, &msg, DEADLINE_NOW), WAIT_TIMED_OUT);
    close_both(port1, port2);
}

TEST(formatted, "a text is formatted as by printf, however long it gets")
{
    Port *port1, *port2;
    channel_open(&port1, &port2);
    Message msg;
    CHECK(port_postf(port1, "%s is %d%%, %c", "half", 50, 'b'));
    CHECK(port_receive(port2, &msg));
    CHECK_TEXT(msg.text, "half is 50%, b");
    CHECK_INT((long long)msg.size, 14);
    CHECK(msg.port == NULL);

    CHECK(port_postf(port1, "%100000d", 7));
    CHECK(port_receive(port2, &msg));
    CHECK_INT((long long)msg.size, 100000);
    CHECK_TEXT(msg.text + 99998, " 7");
    close_both(port1, port2);
}

TEST(empty, "an empty message arrives and is not the end")
{
    Port *port1, *port2;
    channel_open(&port1, &port2);
    CHECK(port_post(port1, ""));
    CHECK(port_post_bytes(port1, NULL, 0));
    CHECK(port_post_bytes(port1, "unread", 0));
    port_close(&port1);
    for (int i = 0; i < 3; i++) {
        Message msg;
        CHECK(port_receive(port2, &msg));
        CHECK_INT((long long)msg.size, 0);
        CHECK_TEXT(msg.text, "");
    }
    expect_end(port2);
    port_close(&port2);
}

TEST(bytes, "bytes arrive as they are, with NULs among them")
{
    static const char bytes[] = "one\0two\0\0\xff\n";
    Port *port1, *port2;
    channel_open(&port1, &port2);
    CHECK(port_post_bytes(port1, bytes, sizeof bytes - 1));
    CHECK(port_post_bytes(port1, "\0", 1));
    Message msg;
    CHECK(port_receive(port2, &msg));
    CHECK_INT((long long)msg.size, (long long)sizeof bytes - 1);
    CHECK(memcmp(msg.data, bytes, sizeof bytes) == 0);
    CHECK(port_receive(port2, &msg));
    CHECK_INT((long long)msg.size, 1);
    close_both(port1, port2);
}

TEST(copied, "a message is a copy of what was posted")
{
    Port *port1, *port2;
    channel_open(&port1, &port2);
    char text[] = "as posted";
    CHECK(port_post(port1, text));
    CHECK(port_post_bytes(port1, text, sizeof text));
    memset(text, 'x', sizeof text - 1);
    for (int i = 0; i < 2; i++) {
        Message msg;
        CHECK(port_receive(port2, &msg));
        CHECK_TEXT(msg.text, "as posted");
    }
    close_both(port1, port2);
}

TEST(sizes_at_segment_edge, "every size around 4096 bytes arrives whole")
{
    for (size_t size = 3900; size <= 4200; size++) {
        Port *port1, *port2;
        channel_open(&port1, &port2);
        post_pattern(port1, size);
        post_pattern(port1, 1);
        expect_pattern(port2, size);
        expect_pattern(port2, 1);
        close_both(port1, port2);
    }
}

TEST(sizes_in_a_row, "every size up to 4200 bytes arrives, all on their way")
{
    Port *port1, *port2;
    channel_open(&port1, &port2);
    for (size_t size = 0; size <= 4200; size++)
        post_pattern(port1, size);
    for (size_t size = 0; size <= 4200; size++)
        expect_pattern(port2, size);
    close_both(port1, port2);
}

TEST(megabytes, "messages of megabytes arrive whole among small ones")
{
    Port *port1, *port2;
    channel_open(&port1, &port2);
    for (size_t megabytes = 1; megabytes <= 3; megabytes++) {
        post_pattern(port1, megabytes << 20);
        post_pattern(port1, megabytes);
    }
    for (size_t megabytes = 1; megabytes <= 3; megabytes++) {
        expect_pattern(port2, megabytes << 20);
        expect_pattern(port2, megabytes);
    }
    close_both(port1, port2);
}

static void post_too_much(void)
{
    Port *port1, *port2;
    channel_open(&port1, &port2);
    port_post_bytes(port1, "", SIZE_MAX - 1);
}

TEST(too_large, "a size that no message can have is refused with a word")
{
    CHECK_DIES(post_too_much, "is too large");
}

TEST(aligned, "the data of a message is aligned for any type")
{
    Port *port1, *port2;
    channel_open(&port1, &port2);
    for (size_t size = 0; size < 1000; size++)
        post_pattern(port1, size);
    for (size_t size = 0; size < 1000; size++) {
        Message msg;
        CHECK(port_receive(port2, &msg));
        CHECK_INT((long long)((uintptr_t)msg.data % alignof(max_align_t)), 0);
    }
    close_both(port1, port2);
}

TEST(in_turns, "posting and receiving in turns passes many segments")
{
    Port *port1, *port2;
    channel_open(&port1, &port2);
    size_t posted = 0, received = 0;
    for (int turn = 0; turn < 2000; turn++) {
        for (int i = 0; i < turn % 13; i++)
            post_pattern(port1, posted++ % 700);
        for (int i = 0; i < turn % 11 && received < posted; i++)
            expect_pattern(port2, received++ % 700);
    }
    while (received < posted)
        expect_pattern(port2, received++ % 700);
    close_both(port1, port2);
}

static void post_patterns(WorkerContext *self)
{
    for (size_t i = 0; i < 10000; i++)
        post_pattern(self->parent_port, i % 700);
}

TEST(at_once, "posting and receiving at once passes many segments")
{
    Worker *worker = worker_start(post_patterns, NULL);
    for (size_t i = 0; i < 10000; i++)
        expect_pattern(worker->port, i % 700);
    expect_end(worker->port);
    worker_join(&worker);
}

TEST(message_stays, "a message stays as it is until the next receive")
{
    Worker *worker = worker_start(post_patterns, NULL);
    expect_pattern(worker->port, 0);
    Message msg;
    CHECK(port_receive(worker->port, &msg));
    CHECK(worker_error(worker) == NULL);  // by now all is posted and closed
    check_pattern(&msg, 1);
    expect_pattern(worker->port, 2);
    worker_join(&worker);
}

// Posts and receives by turns, whatever the other end does meanwhile.
static void talk(Port *port)
{
    int received = 0;
    for (int i = 0; i < 10000; i++) {
        post_number(port, i);
        Message msg;
        if (port_receive_until(port, &msg, DEADLINE_NOW) == WAIT_OK)
            CHECK_INT(atoi(msg.text), received++);
    }
    while (received < 10000)
        expect_number(port, received++);
}

static void talk_with_parent(WorkerContext *self)
{
    talk(self->parent_port);
}

TEST(two_way, "both ends post and receive at once and nothing is lost")
{
    Worker *worker = worker_start(talk_with_parent, NULL);
    talk(worker->port);
    expect_end(worker->port);
    worker_join(&worker);
}

TEST(close_keeps_messages,
     "what was posted before a close arrives, then the end")
{
    Port *port1, *port2;
    channel_open(&port1, &port2);
    post_number(port1, 1);
    post_number(port1, 2);
    port_close(&port1);
    CHECK(port1 == NULL);
    expect_number(port2, 1);
    expect_number(port2, 2);
    expect_end(port2);
    expect_end(port2);
    port_close(&port2);
    CHECK(port2 == NULL);
}

enum { ROUNDS = 10000 };

static void receive_both(WorkerContext *self)
{
    Message msg;
    for (int i = 0; i < ROUNDS; i++) {
        CHECK(port_receive(self->parent_port, &msg));
        Port *port = port_move(&msg.port);
        expect_number(port, 2 * i);
        expect_number(port, 2 * i + 1);
        expect_end(port);
        port_close(&port);
    }
}

TEST(close_right_after_post,
     "messages right before a close arrive, 10000 times")
{
    Worker *worker = worker_start(receive_both, NULL);
    for (int i = 0; i < ROUNDS; i++) {
        Port *ours, *theirs;
        channel_open(&ours, &theirs);
        CHECK(port_post_port(worker->port, &theirs, "listen"));
        post_number(ours, 2 * i);
        post_number(ours, 2 * i + 1);
        port_close(&ours);
    }
    CHECK(worker_error(worker) == NULL);
    worker_join(&worker);
}

static void try_to_receive(WorkerContext *self)
{
    Message msg;
    while (port_receive(self->parent_port, &msg)) {
        Port *port = port_move(&msg.port);
        CHECK_INT(port_receive_until(port, &msg, DEADLINE_NOW), WAIT_OK);
        expect_end(port);
        port_close(&port);
    }
}

TEST(try_while_closing, "a try takes the message while the poster closes")
{
    Worker *worker = worker_start(try_to_receive, NULL);
    for (int i = 0; i < 2000; i++) {
        Port *ours, *theirs;
        channel_open(&ours, &theirs);
        post_number(ours, i);
        CHECK(port_post_port(worker->port, &theirs, "try"));
        port_close(&ours);
    }
    worker_join(&worker);
}

static void post_refused(Port *port, size_t size)
{
    char *bytes = pattern(size);
    CHECK(!port_post_bytes(port, bytes, size));
    free(bytes);
}

TEST(post_to_closed, "posting to a closed end returns false, whatever the size")
{
    Port *port1, *port2;
    channel_open(&port1, &port2);
    post_number(port1, 1);
    post_number(port2, 2);
    port_close(&port2);
    for (size_t size = 0; size < 10000; size += 7) {
        CHECK(!port_postf(port1, "%d", 1));
        post_refused(port1, size);
    }
    expect_number(port1, 2);
    expect_end(port1);
    CHECK(!port_postf(port1, "%d", 1));
    port_close(&port1);
}

static long most_memory_ever(void)
{
    struct rusage usage;
    CHECK_INT(getrusage(RUSAGE_SELF, &usage), 0);
    return usage.ru_maxrss;  // in units that differ from system to system
}

TEST(refused_not_kept, "messages that were refused take no memory")
{
    Port *port1, *port2;
    channel_open(&port1, &port2);
    port_close(&port2);
    size_t size = 4 << 20;
    char *bytes = pattern(size);
    CHECK(!port_post_bytes(port1, bytes, size));
    long memory = most_memory_ever();
    for (int i = 0; i < 50; i++) {
        CHECK(!port_post_bytes(port1, bytes, size));
        CHECK(!port_postf(port1, "%*d", (int)size, i));
    }
    CHECK(most_memory_ever() < 2 * memory);
    free(bytes);
    port_close(&port1);
}
