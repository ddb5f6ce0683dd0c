// channel.h under faults.
#include "channel.h"

#include <string.h>

#include "faults.h"

static void receive(Port *port, const char *text)
{
    Message msg;
    CHECK(port_receive(port, &msg));
    CHECK_TEXT(msg.text, text);
}

static void post_texts(void)
{
    Port *here, *there;
    char long_text[601];
    snprintf(long_text, sizeof long_text, "%0600d", 7);
    channel_open(&here, &there);
    CHECK(port_post(here, "Hello!"));
    CHECK(port_postf(here, "%d and %s", 1, "two"));
    CHECK(port_postf(here, "%0600d", 7));
    receive(there, "Hello!");
    receive(there, "1 and two");
    receive(there, long_text);
    port_close(&here);
    port_close(&there);
}

TEST(texts, "texts, short and long")
{
    try_faults(post_texts, (FaultOptions){ .kept_blocks = 2 });
}

// Each is more than a usual segment has room for; or together they are.
static void post_blocks(size_t size)
{
    enum { MOST = 10000, BLOCKS = 4 };
    static char block[MOST];
    Port *here, *there;
    Message msg;
    channel_open(&here, &there);
    for (int i = 0; i < BLOCKS; i++)
        CHECK(port_post_bytes(here, block, size));
    for (int i = 0; i < BLOCKS; i++) {
        CHECK(port_receive_until(there, &msg, DEADLINE_NOW) == WAIT_OK);
        CHECK_INT((long long)msg.size, (long long)size);
        CHECK(memcmp(msg.data, block, size) == 0);
    }
    for (int i = 0; i < BLOCKS; i++)
        CHECK(port_post_bytes(here, block, size));
    port_close(&here);
    port_close(&there);
}

static void post_large(void)
{
    post_blocks(10000);
}

static void post_many(void)
{
    post_blocks(3000);
}

TEST(large, "messages larger than a segment, some never received")
{
    try_faults(post_large, (FaultOptions){ .kept_blocks = 2 });
}

TEST(many, "messages in several segments, some never received")
{
    try_faults(post_many, (FaultOptions){ .kept_blocks = 2 });
}

static void post_ports(void)
{
    Port *here, *there, *taken[2], *lost[2];
    Message msg;
    char large[301] = "";
    memset(large, '0', sizeof large - 1);
    channel_open(&here, &there);
    channel_open(&taken[0], &taken[1]);
    channel_open(&lost[0], &lost[1]);
    CHECK(port_post(taken[0], "waits in it"));
    CHECK(port_post_port(here, &taken[1], large));
    CHECK(port_post_port(here, &lost[1], "one more"));
    CHECK(taken[1] == NULL && lost[1] == NULL);
    CHECK(port_receive(there, &msg));
    Port *moved = port_move(&msg.port);
    receive(moved, "waits in it");
    port_close(&there);
    CHECK(!port_post_port(here, &moved, "to nobody"));
    CHECK(port_post(moved, "still ours"));
    port_close(&moved);
    receive(taken[0], "still ours");
    CHECK(!port_receive(lost[0], &msg));
    port_close(&taken[0]);
    port_close(&lost[0]);
    port_close(&here);
}

TEST(ports, "messages with a port")
{
    try_faults(post_ports, (FaultOptions){ .kept_blocks = 6 });
}

// Two threads, and the waiting thread sleeps.

static void *answer(void *arg)
{
    Port *port = arg;
    Port *ports[] = { NULL, port };
    Message msg;
    while (port_select(ports, 2, &msg) == port)
        CHECK(port_postf(port, "%s, too", msg.text));
    port_close(&port);
    return NULL;
}

static void wait_for_posts(void)
{
    Port *here, *there, *from;
    Message msg;
    channel_open(&here, &there);
    CHECK(port_select_until(&here, 1, &msg, &from, deadline_in_ms(1)) ==
          WAIT_TIMED_OUT);
    pthread_t thread = start_thread(answer, port_move(&there));
    wait_for_sleepers(1);
    CHECK(port_post(here, "you"));
    receive(here, "you, too");
    wait_for_sleepers(1);
    port_close(&here);
    join_thread(thread);
}

TEST(waiting, "receive and select that sleep until a post, a close, a deadline")
{
    try_faults(wait_for_posts, (FaultOptions){ .kept_blocks = 2 });
}
