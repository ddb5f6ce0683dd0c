// Ping-pong in two rounds: each message wakes the receiver that waits for it.
// The receiver looks at the queue once more after it has announced its sleep.
#include "channel.h"
#include "check.h"

static Port *asking, *answering;

static void ask(void)
{
    Message msg;
    for (int i = 0; i < 2; i++) {
        CHECK(port_postf(asking, "%d", i));
        CHECK(port_receive(asking, &msg) && msg.text[0] == 'a' + i);
    }
    port_close(&asking);
}

static void answer(void)
{
    Message msg;
    while (port_receive(answering, &msg))
        CHECK(port_postf(answering, "%c", msg.text[0] - '0' + 'a'));
    port_close(&answering);
}

int main(void)
{
    Port *port1, *port2;
    channel_open(&port1, &port2);
    asking = port_move(&port1);
    answering = port_move(&port2);
    TOGETHER(ask, answer);
}
