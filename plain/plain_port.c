// The calls of channel.h: each sees to it that the port is the caller's, and
// then posts, receives or closes. A port has one owner, the number of a thread;
// it is looked at and changed under the mutex, so that misuse is found, and is
// no data race. Read plain_channel.c first.
#include "base/base.h"

#include <stdarg.h>

#include "base/text.h"
#include "os/os.h"
#include "plain_channel.h"

void channel_open(Port **port1, Port **port2)
{
    Channel *channel = must_calloc(1, sizeof *channel);
    channel->open = 2;
    for (int i = 0; i < 2; i++)
        channel->ends[i] = (Port){ .owner = thread_number(),
                                   .peer = &channel->ends[1 - i],
                                   .channel = channel };
    *port1 = &channel->ends[0];
    *port2 = &channel->ends[1];
}

// A port that was moved becomes the calling thread's. One that came with a
// message is claimed by being used.
static void check_owner(Port *port, const char *call)
{
    if (port == NULL)
        die("%s: this port was closed or moved away", call);
    if (port->owner == OWNER_NONE)
        port->owner = thread_number();
    if (port->owner == OWNER_CLOSED)
        die("%s: this port was closed, through another pointer to it", call);
    if (port->owner == OWNER_POSTED)
        die("%s: this port was posted, through another pointer to it", call);
    if (port->owner != thread_number())
        die("%s: this port belongs to another thread; give it away with "
            "port_move",
            call);
    if (port->arrived_at)
        port->arrived_at->received->port = NULL;
    port->arrived_at = NULL;
}

// Every call begins with this, and ends with channels_unlock.
static void lock_port(Port *port, const char *call)
{
    channels_lock();
    check_owner(port, call);
}

static bool post(Port *port, const void *data, size_t size, const char *call)
{
    lock_port(port, call);
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

bool port_post_port(Port *port, Port **moved, const char *text)
{
    size_t size = text_size(text, "port_post_port");
    lock_port(port, "port_post_port");
    check_owner(*moved, "port_post_port");
    if ((*moved)->channel == port->channel)
        die("port_post_port: a port cannot travel on its own channel");
    channels_end_message(*moved);
    bool posted = channels_post(port, text, size, *moved);
    if (posted) {
        (*moved)->owner = OWNER_POSTED;
        *moved = NULL;
    }
    channels_unlock();
    return posted;
}

WaitResult port_receive_until(Port *port, Message *msg, Deadline deadline)
{
    Port *from;
    lock_port(port, "port_receive_until");
    WaitResult result = channels_receive(&port, 1, msg, &from, deadline);
    channels_unlock();
    return result;
}

bool port_receive(Port *port, Message *msg)
{
    Port *from;
    lock_port(port, "port_receive");
    WaitResult result = channels_receive(&port, 1, msg, &from, DEADLINE_NEVER);
    channels_unlock();
    return result == WAIT_OK;
}

static WaitResult select_any(Port *ports[], size_t count, Message *msg,
                             Port **from, Deadline deadline, const char *call)
{
    channels_lock();
    for (size_t i = 0; i < count; i++)
        if (ports[i])
            check_owner(ports[i], call);
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

Port *port_move(Port **port)
{
    Port *moved = *port;
    lock_port(moved, "port_move");
    channels_end_message(moved);
    moved->owner = OWNER_NONE;
    *port = NULL;
    channels_unlock();
    return moved;
}

void port_close(Port **port)
{
    lock_port(*port, "port_close");
    channels_close(*port);
    *port = NULL;
    channels_unlock();
}
