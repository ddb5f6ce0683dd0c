// A close wakes the receiver at the other end.
#include "channel.h"
#include "check.h"

static Port *closing, *waiting;

static void close_it(void)
{
    port_close(&closing);
}

static void wait_in_vain(void)
{
    Message msg;
    CHECK(!port_receive(waiting, &msg));
    port_close(&waiting);
}

int main(void)
{
    Port *port1, *port2;
    channel_open(&port1, &port2);
    closing = port_move(&port1);
    waiting = port_move(&port2);
    TOGETHER(close_it, wait_in_vain);
}
