// Large messages fill a segment each. A segment that was read goes back to the
// poster and is reused: the message was read before it is overwritten (release
// by the reader, acquire by the poster).
#include "channel.h"
#include "check.h"

enum { SIZE = 3000, COUNT = 4 };

static Port *posting, *receiving;

static void post_all(void)
{
    static char bytes[SIZE];
    for (int i = 0; i < COUNT; i++) {
        bytes[0] = bytes[SIZE - 1] = (char)i;
        CHECK(port_post_bytes(posting, bytes, sizeof bytes));
    }
    port_close(&posting);
}

static void receive_all(void)
{
    Message msg;
    for (int i = 0; i < COUNT; i++) {
        CHECK(port_receive(receiving, &msg) && msg.size == SIZE);
        CHECK(msg.text[0] == i && msg.text[SIZE - 1] == i);
    }
    port_close(&receiving);
}

int main(void)
{
    Port *port1, *port2;
    channel_open(&port1, &port2);
    posting = port_move(&port1);
    receiving = port_move(&port2);
    TOGETHER(post_all, receive_all);
}
