// Messages posted before a close arrive, in order; only then the receiver sees
// the close. The peer's posts are refused from then on.
#include <string.h>

#include "channel.h"
#include "check.h"

static Port *posting, *receiving;

static void post_and_close(void)
{
    CHECK(port_post(posting, "first"));
    CHECK(port_post(posting, "second"));
    port_close(&posting);
}

static void receive_all(void)
{
    Message msg;
    CHECK(port_receive(receiving, &msg) && strcmp(msg.text, "first") == 0);
    CHECK(port_receive(receiving, &msg) && strcmp(msg.text, "second") == 0);
    CHECK(!port_receive(receiving, &msg));
    CHECK(!port_post(receiving, "too late"));
    port_close(&receiving);
}

int main(void)
{
    Port *port1, *port2;
    channel_open(&port1, &port2);
    posting = port_move(&port1);
    receiving = port_move(&port2);
    TOGETHER(post_and_close, receive_all);
}
