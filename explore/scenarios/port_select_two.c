// port_select on two ports: it returns every message of both, each port's in
// order, and ends when both are closed. If both have one, the first port wins.
#include "channel.h"
#include "check.h"

static Port *left, *right, *ends[2];

static void post_left(void)
{
    CHECK(port_post(left, "0"));
    port_close(&left);
}

static void post_right(void)
{
    CHECK(port_post(right, "0"));
    CHECK(port_post(right, "1"));
    port_close(&right);
}

static void select_all(void)
{
    int got[2] = { 0, 0 };
    Message msg;
    Port *from;
    while ((from = port_select(ends, 2, &msg)) != NULL) {
        int i = from == ends[1];
        CHECK(msg.text[0] == '0' + got[i]++);
    }
    CHECK(got[0] == 1 && got[1] == 2);
    port_close(&ends[0]);
    port_close(&ends[1]);
}

int main(void)
{
    Port *port1, *port2;
    channel_open(&port1, &port2);
    left = port_move(&port1);
    ends[0] = port_move(&port2);
    channel_open(&port1, &port2);
    right = port_move(&port1);
    ends[1] = port_move(&port2);
    TOGETHER(post_left, post_right, select_all);
}
