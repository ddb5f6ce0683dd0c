// A port that one thread has received from is moved to another thread, which
// goes on with the next message: the move orders the two receivers.
#include "channel.h"
#include "check.h"

static Port *posting, *carrying, *arriving, *travelling;

static void post_two(void)
{
    CHECK(port_post(posting, "1"));
    CHECK(port_post(posting, "2"));
    port_close(&posting);
}

static void receive_and_send_on(void)
{
    Message msg;
    CHECK(port_receive(travelling, &msg) && msg.text[0] == '1');
    CHECK(port_post_port(carrying, &travelling, "take this"));
    port_close(&carrying);
}

static void receive_the_rest(void)
{
    Message msg, rest;
    CHECK(port_receive(arriving, &msg) && msg.port != NULL);
    CHECK(port_receive(msg.port, &rest) && rest.text[0] == '2');
    CHECK(!port_receive(msg.port, &rest));
    port_close(&msg.port);
    port_close(&arriving);
}

int main(void)
{
    Port *port1, *port2;
    channel_open(&port1, &port2);
    posting = port_move(&port1);
    travelling = port_move(&port2);
    channel_open(&port1, &port2);
    carrying = port_move(&port1);
    arriving = port_move(&port2);
    TOGETHER(post_two, receive_and_send_on, receive_the_rest);
}
