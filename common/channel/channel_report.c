// Reports of the deadlock detector (deadlock.h) on channels: the ports that a
// receiver waits for, channels that were never closed, messages that were never
// received. Invariant: this file only reads. Its functions run while the
// threads concerned sleep, or in a signal handler, and use no lock or memory.
#include "base/base.h"

#include "base/list.h"
#include "port_internal.h"

// The port's name is the argument of channel_open, when the call was noted.
static void say_port(Report *report, const char *before, const Port *port)
{
    const Channel *channel = port->channel;
    const char *opened = channel->tracked.place;
    unsigned index = port == &channel->ends[1];
    size_t size;
    const char *name = report_argument(opened, index, &size);
    report_say(report, before);
    if (channel->worker) {
        report_say(report, index ? "" : "the port to ");
        report_say(report, channel->worker);
        report_say(report, index ? "'s parent_port" : "");
    } else if (name) {
        report_say_some(report, name, size);
    } else {
        report_say(report, "a port opened at ");
        report_place(report, opened);
    }
}

// While the port's owner runs, reading `taken` would be a data race.
static void say_unread(Report *report, const Port *port)
{
    unsigned long owner = port_owner(port);
    bool on_its_way = owner == OWNER_NONE || owner == OWNER_POSTED;
    if (!on_its_way && !report_may_look(report, owner))
        return;
    size_t state = atomic_load_explicit(&port->state, memory_order_acquire);
    size_t unread = (posts(state) - port->taken) / ONE_POST;
    if (unread == 0)
        return;
    say_port(report, " Never received on ", port);
    report_say(report, ": ");
    report_count(report, unread, "message");
    report_say(report, ".");
}

void report_unread(Report *report, const Port *port)
{
    say_unread(report, port);
    say_unread(report, port->peer);
}

void report_open_channel(const Tracked *tracked, Report *report)
{
    const Channel *channel = LIST_OBJECT(tracked, Channel, tracked);
    report_paragraph(report, 4);
    say_port(report, "", &channel->ends[0]);
    say_port(report, " and ", &channel->ends[1]);
    report_say(report, ", opened at ");
    report_place(report, tracked->place);
    report_say(report, ", were never closed.");
    report_unread(report, &channel->ends[0]);
}

static void say_other_end(Report *report, const Port *port)
{
    unsigned long owner = port_owner(port);
    say_port(report, ". The other end, ", port);
    if (owner == OWNER_CLOSED) {
        report_say(report, ", is closed");
    } else if (owner == OWNER_NONE || owner == OWNER_POSTED) {
        report_say(report, ", was given away, and nobody has used it yet");
    } else {
        report_say(report, ", is held by ");
        report_thread(report, owner);
    }
}

void report_port_wait(const Wait *wait, Report *report)
{
    const PortList *list = wait->what;
    const char *before = "for a message on ";
    for (size_t i = 0; i < list->count; i++) {
        if (list->ports[i]) {
            say_port(report, before, list->ports[i]);
            before = " or ";
        }
    }
    for (size_t i = 0; i < list->count; i++)
        if (list->ports[i])
            say_other_end(report, list->ports[i]->peer);
    report_say(report, ".");
}
