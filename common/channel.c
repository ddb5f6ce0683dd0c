#define IN_COMMON
#include "names.h"

#include "channel.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "port_parts.h"
#include "die.h"
#include "trace.h"

// What the ports are called.

static void report_pair(Report *report, const char *opened, unsigned index)
{
    size_t size;
    const char *name = report_argument(opened, index, &size);
    if (name) {
        report_say_some(report, name, size);
        return;
    }
    report_say(report, "a port opened at ");
    report_place(report, opened);
}

void report_port(Report *report, const Port *port)
{
    const Channel *channel = port->channel;
    unsigned index = port == &channel->ends[1];
    if (channel->worker == NULL) {
        report_pair(report, channel->live.place, index);
        return;
    }
    report_say(report, index ? "" : "the port to ");
    report_say(report, channel->worker);
    report_say(report, index ? "'s parent_port" : "");
}

// Of a port that only a thread at rest uses: how many messages wait in it.
static void explain_unread(Report *report, const Port *port)
{
    unsigned long owner =
        atomic_load_explicit(&port->owner, memory_order_relaxed);
    if (owner != 0 && !report_may_look(report, owner))
        return;
    size_t state = atomic_load_explicit(&port->state, memory_order_acquire);
    size_t unread = (posts(state) - port->taken) / ONE_POST;
    if (unread == 0)
        return;
    report_say(report, " Never received on ");
    report_port(report, port);
    report_say(report, ": ");
    report_count(report, unread, "message");
    report_say(report, ".");
}

void report_unread(Report *report, const Port *port)
{
    explain_unread(report, port);
    explain_unread(report, port->peer);
}

static void explain_open(const Live *live, Report *report)
{
    const Channel *channel =
        (const Channel *)((const char *)live - offsetof(Channel, live));
    report_paragraph(report, 4);
    report_port(report, &channel->ends[0]);
    report_say(report, " and ");
    report_port(report, &channel->ends[1]);
    report_say(report, ", opened at ");
    report_place(report, live->place);
    report_say(report, ", were never closed.");
    report_unread(report, &channel->ends[0]);
}

static Channel *channel_new(const char *worker)
{
    Channel *channel = aligned_alloc(alignof(Channel), sizeof *channel);
    if (channel == NULL)
        die("out of memory: %zu bytes were wanted", sizeof *channel);
    memset(channel, 0, sizeof *channel);
    atomic_init(&channel->users, 2);
    channel->worker = worker;
    if (worker == NULL)
        stuck_live(&channel->live, explain_open);
    return channel;
}

void channel_open_for(const char *worker, Port **port1, Port **port2)
{
    Channel *channel = channel_new(worker);
    for (int i = 0; i < 2; i++) {
        Port *port = &channel->ends[i];
        port->channel = channel;
        port->peer = &channel->ends[1 - i];
        port->inbox.chain = &port->chain;
        port->outbox.chain = &port->peer->chain;
        atomic_init(&port->owner, thread_number());
    }
    *port1 = &channel->ends[0];
    *port2 = &channel->ends[1];
    TRACED(open(*port1, *port2));
}

void channel_open(Port **port1, Port **port2)
{
    channel_open_for(NULL, port1, port2);
}

// Ownership.

void port_set_owner(Port *port, unsigned long owner)
{
    atomic_store_explicit(&port->owner, owner, memory_order_relaxed);
}

void port_claim(Port *port, const char *call)
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

void port_wake(Port *port)
{
    lock_acquire(&port->lock);
    if (port->waiter) {
        atomic_fetch_and_explicit(&port->state, ~(size_t)WAITING,
                                  memory_order_relaxed);
        waiter_wake(port->waiter);
        port->waiter = NULL;
    }
    lock_release(&port->lock);
}

// Posts the bytes that were put into the outbox.
//
// Release: who sees this post counted sees the message. Acquire: if we are
// refused, we see all that the other end posted before it closed.
static bool post(Port *port, size_t size, Port *moved)
{
    TRACED(post(port, port->peer, port->outbox.bytes, size, moved));
    port->prompt = false;
    outbox_add(&port->outbox, size, moved);
    size_t state = atomic_fetch_add_explicit(&port->peer->state, ONE_POST,
                                             memory_order_acq_rel);
    if (state & WAITING)
        port_wake(port->peer);
    port->refused = state & CLOSED;
    TRACED(posted(port->peer, port->refused));
    return !port->refused;
}

static bool post_copy(Port *port, const void *data, size_t size, Port *moved)
{
    char *bytes = outbox_reserve(&port->outbox, size);
    if (size > 0)
        memcpy(bytes, data, size);
    return post(port, size, moved);
}

bool port_post_bytes(Port *port, const void *data, size_t size)
{
    port_must_own(port, "port_post_bytes");
    TRACED(refuse(port, port->refused, ""));
    return !port->refused && post_copy(port, data, size, NULL);
}

// Formats right where the text goes: into the room that there is, and if that
// was too small, once more into as much as it takes.
static size_t format_text(Outbox *outbox, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    size_t room = outbox_room(outbox);
    size_t size =
        must_print(vsnprintf(outbox->bytes, room, format, args), format);
    if (size >= room)
        must_print(vsnprintf(outbox_reserve(outbox, size), size + 1, format,
                             again),
                   format);
    va_end(again);
    return size;
}

// The text as it is, when there is nothing to format; otherwise NULL.
static const char *plain_text(const char *format, va_list args)
{
    if (format[0] != '%' || format[1] != 's' || format[2] != '\0')
        return strchr(format, '%') ? NULL : format;
    const char *text = va_arg(args, const char *);
    return text ? text : "(null)";  // as printf has it
}

static bool post_text(Port *port, Port *moved, const char *format, va_list args)
{
    TRACED(refuse(port, port->refused, format));
    if (port->refused)
        return false;
    const char *text = plain_text(format, args);
    if (text)
        return post_copy(port, text, strlen(text), moved);
    return post(port, format_text(&port->outbox, format, args), moved);
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
