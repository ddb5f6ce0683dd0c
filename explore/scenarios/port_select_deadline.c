// port_select gives up at its deadline while one port gets a message and the
// other is closed: it returns one of the events, or none and leaves both.
#include "channel.h"
#include "check.h"

static Port *posting, *closing, *ends[2];

static void post_one(void)
{
    CHECK(port_post(posting, "1"));
    port_close(&posting);
}

static void close_it(void)
{
    port_close(&closing);
}

static void select_a_while(void)
{
    Message msg;
    Port *from = NULL;
    WaitResult result =
        port_select_until(ends, 2, &msg, &from, deadline_in_ms(1));
    CHECK(result != WAIT_CLOSED && (result == WAIT_OK) == (from != NULL));
    if (result == WAIT_TIMED_OUT)
        from = port_select(ends, 2, &msg);
    CHECK(from == ends[0] && msg.text[0] == '1');
    CHECK(port_select(ends, 2, &msg) == NULL);
    port_close(&ends[0]);
    port_close(&ends[1]);
}

int main(void)
{
    Port *port1, *port2;
    channel_open(&port1, &port2);
    posting = port_move(&port1);
    ends[0] = port_move(&port2);
    channel_open(&port1, &port2);
    closing = port_move(&port1);
    ends[1] = port_move(&port2);
    TOGETHER(post_one, close_it, select_a_while);
}
