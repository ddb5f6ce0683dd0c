#include "base/base.h"

#include "channel.h"

#include <stdarg.h>

#include "port_internal.h"

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
        report_pair(report, channel->tracked.place, index);
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
    bool on_its_way = owner == OWNER_NONE || owner == OWNER_POSTED;
    if (owner == OWNER_CLOSED ||
        (!on_its_way && !report_may_look(report, owner)))
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

static void explain_open(const Tracked *tracked, Report *report)
{
    const Channel *channel =
        (const Channel *)((const char *)tracked - offsetof(Channel, tracked));
    report_paragraph(report, 4);
    report_port(report, &channel->ends[0]);
    report_say(report, " and ");
    report_port(report, &channel->ends[1]);
    report_say(report, ", opened at ");
    report_place(report, tracked->place);
    report_say(report, ", were never closed.");
    report_unread(report, &channel->ends[0]);
}

static Channel *channel_new(const char *worker)
{
    Channel *channel = must_calloc_aligned(sizeof *channel);
    atomic_init(&channel->users, 2);
    channel->worker = worker;
    if (worker == NULL)
        track(&channel->tracked, explain_open);
    return channel;
}

void channel_open_for(const char *worker, Port **port1, Port **port2)
{
    Channel *channel = channel_new(worker);
    for (int i = 0; i < 2; i++) {
        Port *port = &channel->ends[i];
        port->channel = channel;
        port->peer = &channel->ends[1 - i];
        port->reader.chain = &port->chain;
        port->writer.chain = &port->peer->chain;
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

// Of two threads that use a port that was moved, one becomes its owner.
static void become_owner(Port *port, const char *call)
{
    unsigned long owner = OWNER_NONE;
    if (atomic_compare_exchange_strong_explicit(&port->owner, &owner,
                                                thread_number(),
                                                memory_order_relaxed,
                                                memory_order_relaxed) ||
        owner == thread_number())
        return;
    if (owner == OWNER_CLOSED)
        die("%s: this port was closed, through another pointer to it", call);
    if (owner == OWNER_POSTED)
        die("%s: this port was posted, through another pointer to it", call);
    die("%s: this port belongs to another thread; give it away with port_move",
        call);
}

void port_claim(Port *port, const char *call)
{
    if (port == NULL)
        die("%s: this port was closed or moved away", call);
    become_owner(port, call);
    if (port->arrived_at) {
        port->arrived_at->arrived = NULL;
        port->arrived_at = NULL;
    }
}

static Port *give_up(Port **port, unsigned long owner)
{
    Port *given = *port;
    port_let_go_of_message(given);
    port_set_owner(given, owner);
    *port = NULL;
    return given;
}

Port *port_move(Port **port)
{
    port_must_own(*port, "port_move");
    return give_up(port, OWNER_NONE);
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

// Posts the bytes that were put into the writer.
//
// Release: who sees this post counted sees the message. Acquire: if we are
// refused, we see all that the other end posted before it closed.
static bool post(Port *port, size_t size, Port *moved)
{
    TRACED(post(port, port->peer, port->writer.bytes, size, moved));
    port->prompt = false;
    writer_add(&port->writer, size, moved);
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
    char *bytes = writer_reserve(&port->writer, size);
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
static size_t format_text(Writer *writer, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    size_t room = writer_room(writer);
    size_t size =
        must_print(vsnprintf(writer->bytes, room, format, args), format);
    if (size >= room)
        must_print(vsnprintf(writer_reserve(writer, size), size + 1, format,
                             again),
                   format);
    va_end(again);
    return size;
}

static bool post_text(Port *port, Port *moved, const char *text,
                      const char *call)
{
    if (text == NULL)
        die("%s: the text is NULL", call);
    TRACED(refuse(port, port->refused, text));
    return !port->refused && post_copy(port, text, strlen(text), moved);
}

bool port_post(Port *port, const char *text)
{
    port_must_own(port, "port_post");
    return post_text(port, NULL, text, "port_post");
}

bool port_postf(Port *port, const char *format, ...)
{
    port_must_own(port, "port_postf");
    TRACED(refuse(port, port->refused, format));
    if (port->refused)
        return false;
    va_list args;
    va_start(args, format);
    size_t size = format_text(&port->writer, format, args);
    va_end(args);
    return post(port, size, NULL);
}

bool port_post_port(Port *port, Port **moved, const char *text)
{
    port_must_own(port, "port_post_port");
    port_must_own(*moved, "port_post_port");
    if ((*moved)->channel == port->channel)
        die("port_post_port: a port cannot travel on its own channel");

    Port *traveller = give_up(moved, OWNER_POSTED);
    bool posted = post_text(port, traveller, text, "port_post_port");
    if (!posted) {
        port_set_owner(traveller, thread_number());
        *moved = traveller;
    }
    return posted;
}
