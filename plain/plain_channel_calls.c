// Posting and receiving, as channel.h has them. Each call locks, checks that
// the port is the caller's, does its work and unlocks: so each call is one step
// for the other threads. A fast post takes no lock, because each direction of a
// channel has one writer and one reader (an SPSC queue).
#include "base/base.h"

#include <stdarg.h>

#include "base/text.h"
#include "plain_channel.h"

static bool post(Port *port, const void *data, size_t size, const char *call)
{
    channels_lock();
    port_check_owner(port, call);
    bool posted = channels_post(port, data, size, NULL);
    channels_unlock();
    return posted;
}

bool port_post_bytes(Port *port, const void *data, size_t size)
{
    return post(port, data, size, "port_post_bytes");
}

static size_t text_size(const char *text, const char *call)
{
    if (text == NULL)
        die("%s: the text is NULL", call);
    return strlen(text);
}

bool port_post(Port *port, const char *text)
{
    return post(port, text, text_size(text, "port_post"), "port_post");
}

// The text is formatted before the mutex is taken: a critical section that is
// short lets the other threads go on.
bool port_postf(Port *port, const char *format, ...)
{
    Text text = { 0 };
    va_list args;
    va_start(args, format);
    text_add_args(&text, format, args);
    va_end(args);
    bool posted = post(port, text.at, text.size, "port_postf");
    text_free(&text);
    return posted;
}

// All or nothing: the port moves only if the message was posted. The mutex is
// held over both, so no other thread can look between the two.
bool port_post_port(Port *port, Port **moved, const char *text)
{
    size_t size = text_size(text, "port_post_port");
    channels_lock();
    port_check_owner(port, "port_post_port");
    port_check_owner(*moved, "port_post_port");
    if ((*moved)->channel == port->channel)
        die("port_post_port: a port cannot travel on its own channel");
    port_end_message(*moved);
    bool posted = channels_post(port, text, size, *moved);
    if (posted) {
        (*moved)->owner = OWNER_POSTED;
        *moved = NULL;
    }
    channels_unlock();
    return posted;
}

static WaitResult receive(Port *port, Message *msg, Deadline deadline,
                          const char *call)
{
    Port *from;
    channels_lock();
    port_check_owner(port, call);
    WaitResult result = channels_receive(&port, 1, msg, &from, deadline);
    channels_unlock();
    return result;
}

WaitResult port_receive_until(Port *port, Message *msg, Deadline deadline)
{
    return receive(port, msg, deadline, "port_receive_until");
}

bool port_receive(Port *port, Message *msg)
{
    return receive(port, msg, DEADLINE_NEVER, "port_receive") == WAIT_OK;
}

// All owners are checked before the last message ends: a port among them may
// have come with it, and is closed then.
static WaitResult select_any(Port *ports[], size_t count, Message *msg,
                             Port **from, Deadline deadline, const char *call)
{
    channels_lock();
    for (size_t i = 0; i < count; i++)
        if (ports[i])
            port_check_owner(ports[i], call);
    WaitResult result = channels_receive(ports, count, msg, from, deadline);
    channels_unlock();
    return result;
}

WaitResult port_select_until(Port *ports[], size_t count, Message *msg,
                             Port **from, Deadline deadline)
{
    return select_any(ports, count, msg, from, deadline, "port_select_until");
}

Port *port_select(Port *ports[], size_t count, Message *msg)
{
    Port *from = NULL;
    select_any(ports, count, msg, &from, DEADLINE_NEVER, "port_select");
    return from;
}
