// All that a thread did before it closed its end happens before the other end's
// receive returns false, also where the receiver has not slept.
#include "channel.h"
#include "check.h"

static Port *receiving, *closing;
static int data;  // no lock: the close orders it

static void store_and_close(void)
{
    data = 1;
    port_close(&closing);
}

static void receive_the_end(void)
{
    Message msg;
    CHECK(!port_receive(receiving, &msg));
    CHECK(data == 1);
    port_close(&receiving);
}

int main(void)
{
    Port *port1, *port2;
    channel_open(&port1, &port2);
    receiving = port_move(&port1);
    closing = port_move(&port2);
    TOGETHER(store_and_close, receive_the_end);
}
