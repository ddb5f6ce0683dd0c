// Both ends post and close at the same time: each undelivered message is freed
// exactly once. One of them carries a port, and the peer of that port sees the
// close.
#include "channel.h"
#include "check.h"

static Port *left, *right, *travelling, *left_behind;

static void post_and_close(void)
{
    port_post_port(left, &travelling, "take this");
    if (travelling)
        port_close(&travelling);
    port_close(&left);
}

static void post_text_and_close(void)
{
    port_post(right, "hello");
    port_close(&right);
}

static void wait_for_the_end(void)
{
    Message msg;
    CHECK(!port_receive(left_behind, &msg));
    port_close(&left_behind);
}

int main(void)
{
    Port *port1, *port2;
    channel_open(&port1, &port2);
    left = port_move(&port1);
    right = port_move(&port2);
    channel_open(&port1, &port2);
    travelling = port_move(&port1);
    left_behind = port_move(&port2);
    TOGETHER(post_and_close, post_text_and_close, wait_for_the_end);
}
