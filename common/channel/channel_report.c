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
    report_format(report, "%s", before);
    if (channel->worker && index)
        report_format(report, "%s's parent_port", channel->worker);
    else if (channel->worker)
        report_format(report, "the port to %s", channel->worker);
    else if (!report_argument(report, "", opened, index))
        report_format(report, "a port opened at %s", place_name(opened));
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
    report_format(report, ": %zu message%s.", unread, plural(unread));
}

void report_unread(Report *report, const Port *port)
{
    say_unread(report, port);
    say_unread(report, port->peer);
}

void report_open_channel(const Tracked *tracked, Report *report)
{
    const Channel *channel = LIST_OBJECT(tracked, Channel, tracked);
    say_port(report, "", &channel->ends[0]);
    say_port(report, " and ", &channel->ends[1]);
    report_format(report, ", opened at %s, were never closed.",
                  place_name(tracked->place));
    report_unread(report, &channel->ends[0]);
}

static void say_other_end(Report *report, const Port *port)
{
    unsigned long owner = port_owner(port);
    say_port(report, ". The other end, ", port);
    if (owner == OWNER_CLOSED) {
        report_format(report, ", is closed");
    } else if (owner == OWNER_NONE || owner == OWNER_POSTED) {
        report_format(report, ", was given away, and nobody has used it yet");
    } else {
        report_format(report, ", is held by ");
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
    report_format(report, ".");
}
