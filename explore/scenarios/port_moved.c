// A port is moved to another thread while its peer posts: no message is lost,
// neither those in its queue nor those posted on the way.
#include "channel.h"
#include "check.h"

static Port *posting, *carrying, *arriving, *travelling;

static void post_two(void)
{
    CHECK(port_post(posting, "1"));
    CHECK(port_post(posting, "2"));
    port_close(&posting);
}

static void send_on(void)
{
    CHECK(port_post_port(carrying, &travelling, "take this"));
    CHECK(travelling == NULL);
    port_close(&carrying);
}

static void receive_from_it(void)
{
    Message msg;
    CHECK(port_receive(arriving, &msg) && msg.port != NULL);
    Port *port = port_move(&msg.port);
    for (char expected = '1'; expected <= '2'; expected++)
        CHECK(port_receive(port, &msg) && msg.text[0] == expected);
    CHECK(!port_receive(port, &msg));
    port_close(&port);
    CHECK(!port_receive(arriving, &msg));
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
    TOGETHER(post_two, send_on, receive_from_it);
}
