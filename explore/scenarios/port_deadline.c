// A receiver gives up at its deadline while a message comes: it has the message
// now or at its next receive. The poster never touches the waiter after it has
// left.
#include "channel.h"
#include "check.h"

static Port *posting, *receiving;

static void post_one(void)
{
    CHECK(port_post(posting, "1"));
    port_close(&posting);
}

static void receive_a_while(void)
{
    Message msg;
    WaitResult first = port_receive_until(receiving, &msg, deadline_in_ms(1));
    CHECK(first != WAIT_CLOSED);
    if (first == WAIT_TIMED_OUT)
        CHECK(port_receive(receiving, &msg));
    CHECK(msg.text[0] == '1');
    CHECK(!port_receive(receiving, &msg));
    port_close(&receiving);
}

int main(void)
{
    Port *port1, *port2;
    channel_open(&port1, &port2);
    posting = port_move(&port1);
    receiving = port_move(&port2);
    TOGETHER(post_one, receive_a_while);
}
