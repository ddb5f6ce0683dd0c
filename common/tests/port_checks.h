// What most tests of ports say again and again.

#ifndef PORT_CHECKS_H
#define PORT_CHECKS_H

#include <stdlib.h>

#include "channel.h"
#include "test.h"

// Longer than any test may take: only a wake-up can end such a wait in time.
#define MUCH_LATER deadline_in_ms(60 * 1000)

static inline void post_number(Port *port, int number)
{
    CHECK(port_post(port, "%d", number));
}

static inline void expect_number(Port *port, int number)
{
    Message msg;
    CHECK(port_receive(port, &msg));
    CHECK_INT(atoi(msg.text), number);
}

static inline void expect_text(Port *port, const char *text)
{
    Message msg;
    CHECK(port_receive(port, &msg));
    CHECK_TEXT(msg.text, text);
}

static inline void expect_end(Port *port)
{
    Message msg;
    CHECK(!port_receive(port, &msg));
}

static inline void close_both(Port *port1, Port *port2)
{
    port_close(&port1);
    port_close(&port2);
}

#endif
