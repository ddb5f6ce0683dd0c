// Posting to a closing end: after one refused post all are refused. A thread
// with a refused post has acquired all that the other end posted before its
// close.
#include <string.h>

#include "channel.h"
#include "check.h"

static Port *posting, *closing;

static void post_until_refused(void)
{
    Message msg;
    bool first = port_post(posting, "1");
    bool second = port_post(posting, "2");
    CHECK(first || !second);
    if (!second)
        CHECK(port_receive_until(posting, &msg, DEADLINE_NOW) == WAIT_OK);
    else
        CHECK(port_receive(posting, &msg));
    CHECK(strcmp(msg.text, "goodbye") == 0);
    CHECK(!port_receive(posting, &msg));
    port_close(&posting);
}

static void say_goodbye(void)
{
    port_post(closing, "goodbye");
    port_close(&closing);
}

int main(void)
{
    Port *port1, *port2;
    channel_open(&port1, &port2);
    posting = port_move(&port1);
    closing = port_move(&port2);
    TOGETHER(post_until_refused, say_goodbye);
}
