// Checks that most tests of ports repeat.

#ifndef PORT_CHECKS_H
#define PORT_CHECKS_H

#include <stdio.h>
#include <stdlib.h>

#include "channel.h"
#include "test.h"

// Longer than any test may take: only a wake-up can end such a wait in time.
#define MUCH_LATER deadline_in_ms(60 * 1000)

static inline void post_number(Port *port, int number)
{
    CHECK(port_postf(port, "%d", number));
}

static inline const char *number_text(char text[12], int number)
{
    snprintf(text, 12, "%d", number);
    return text;
}

// The number's digits, which last as long as the block that they stand in.
#define NUMBER_TEXT(number) number_text((char[12]){ 0 }, number)

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
