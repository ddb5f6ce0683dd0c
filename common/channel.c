#define IN_COMMON
#include "channel.h"

#include <stdarg.h>
#include <stdlib.h>

#include "port_parts.h"
#include "text.h"

void channel_open(Port **port1, Port **port2)
{
    Channel *channel = must_calloc(1, sizeof *channel);
    for (int i = 0; i < 2; i++) {
        Port *port = &channel->ends[i];
        port->channel = channel;
        port->peer = &channel->ends[1 - i];
        atomic_init(&port->owner, thread_number());
        inbox_init(&port->inbox);
    }
    *port1 = &channel->ends[0];
    *port2 = &channel->ends[1];
}

static void channel_free(Channel *channel)
{
    for (int i = 0; i < 2; i++)
        inbox_destroy(&channel->ends[i].inbox);
    free(channel);
}

// Ownership.

void port_set_owner(Port *port, unsigned long owner)
{
    atomic_store_explicit(&port->owner, owner, memory_order_relaxed);
}

void port_must_own(Port *port, const char *call)
{
    if (port == NULL)
        die("%s: this port was closed or moved away", call);
    unsigned long owner =
        atomic_load_explicit(&port->owner, memory_order_relaxed);
    if (owner == 0)
        port_set_owner(port, thread_number());
    else if (owner != thread_number())
        die("%s: this port belongs to another thread; give it away with "
            "port_move",
            call);
    if (port->arrived_at) {
        port->arrived_at->arrived = NULL;
        port->arrived_at = NULL;
    }
}

void port_let_go_of_message(Port *port)
{
    Port *unclaimed = port->arrived;
    if (unclaimed)
        port_close(&unclaimed);
}

Port *port_move(Port **port)
{
    Port *moved = *port;
    port_must_own(moved, "port_move");
    port_let_go_of_message(moved);
    port_set_owner(moved, 0);
    *port = NULL;
    return moved;
}

// Posting.

// Makes the message that was appended visible, and wakes whoever waits for it.
static bool publish(Port *to)
{
    lock_acquire(&to->channel->lock);
    bool open = !to->closed;
    if (open) {
        to->posted++;
        if (to->waiter)
            waiter_wake(to->waiter);
    }
    lock_release(&to->channel->lock);
    return open;
}

static bool post(Port *port, const void *data, size_t size, Port *moved)
{
    Inbox *inbox = &port->peer->inbox;
    size_t where = inbox_append(inbox, data, size, moved);
    bool posted = publish(port->peer);
    if (!posted)
        inbox_undo(inbox, where);
    return posted;
}

bool port_post_bytes(Port *port, const void *data, size_t size)
{
    port_must_own(port, "port_post_bytes");
    return post(port, data, size, NULL);
}

static bool post_text(Port *port, Port *moved, const char *format, va_list args)
{
    Text text = { 0 };
    text_add_args(&text, format, args);
    bool posted = post(port, text.at, text.size, moved);
    text_free(&text);
    return posted;
}

bool port_post(Port *port, const char *format, ...)
{
    port_must_own(port, "port_post");
    va_list args;
    va_start(args, format);
    bool posted = post_text(port, NULL, format, args);
    va_end(args);
    return posted;
}

bool port_post_port(Port *port, Port **moved, const char *format, ...)
{
    port_must_own(port, "port_post_port");
    port_must_own(*moved, "port_post_port");
    if ((*moved)->channel == port->channel)
        die("port_post_port: a port cannot travel on its own channel");

    Port *traveller = port_move(moved);
    va_list args;
    va_start(args, format);
    bool posted = post_text(port, traveller, format, args);
    va_end(args);
    if (!posted) {
        port_set_owner(traveller, thread_number());
        *moved = traveller;
    }
    return posted;
}

// Closing.

// From here on posts to this end fail, and the other end sees that no more
// comes.
static void refuse_posts(Port *port)
{
    lock_acquire(&port->channel->lock);
    port->closed = true;
    if (port->peer->waiter)
        waiter_wake(port->peer->waiter);
    lock_release(&port->channel->lock);
}

// Takes what was never received, and puts the ports among it before the list.
static Port *empty(Port *port, Port *to_close)
{
    Message msg;
    while (port->taken < port->posted) {
        inbox_take(&port->inbox, &msg);
        port->taken++;
        if (msg.port) {
            msg.port->next_to_close = to_close;
            to_close = msg.port;
        }
    }
    return to_close;
}

static void leave(Port *port)
{
    Channel *channel = port->channel;
    lock_acquire(&channel->lock);
    port->emptied = true;
    bool last = port->peer->emptied;
    lock_release(&channel->lock);
    if (last)
        channel_free(channel);
}

// Closing one port may close those that waited in it, and so on down. A list
// instead of recursion: the chain may be longer than a stack.
void port_close(Port **port)
{
    port_must_own(*port, "port_close");
    Port *to_close = *port;
    *port = NULL;
    to_close->next_to_close = NULL;
    while (to_close) {
        Port *closing = to_close;
        to_close = closing->next_to_close;
        if (closing->arrived) {
            closing->arrived->next_to_close = to_close;
            to_close = closing->arrived;
        }
        refuse_posts(closing);
        to_close = empty(closing, to_close);
        leave(closing);
    }
}
