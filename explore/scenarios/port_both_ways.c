// Both ends post and then receive: no receiver sleeps over a message that was
// posted before its sleep.
#include "channel.h"
#include "check.h"

static Port *left, *right;

static void talk(Port **port, int own, int other)
{
    Message msg;
    CHECK(port_post_bytes(*port, &own, sizeof own));
    CHECK(port_receive(*port, &msg));
    CHECK(msg.size == sizeof(int) && *(const int *)msg.data == other);
    port_close(port);
}

static void talk_left(void)
{
    talk(&left, 1, 2);
}

static void talk_right(void)
{
    talk(&right, 2, 1);
}

int main(void)
{
    Port *port1, *port2;
    channel_open(&port1, &port2);
    left = port_move(&port1);
    right = port_move(&port2);
    TOGETHER(talk_left, talk_right);
}
