#include "base/base.h"
#include "port_internal.h"

// Takes the port's next message, or says why there is none now. Looks at the
// state when all that we know of is taken: the poster works with that line, and
// is left alone while we have something to do.
static WaitResult take(Port *port, Message *msg)
{
    if (port->taken == posts(port->seen)) {
        // Acquire: we see the messages that we are told of.
        port->seen = atomic_load_explicit(&port->state, memory_order_acquire);
        if (port->taken == posts(port->seen))
            return port->seen & OVER || port->refused ? WAIT_CLOSED
                                                      : WAIT_TIMED_OUT;
    }
    reader_take(&port->reader, msg);
    port->taken += ONE_POST;
    port->arrived = msg->port;
    if (msg->port) {
        msg->port->arrived_at = port;
        port_set_owner(msg->port, thread_number());
    }
    TRACED(receive(port, msg->data, msg->size, msg->port));
    return WAIT_OK;
}

// Looks at every port once, in their order.
static WaitResult take_any(Port *ports[], size_t count, Message *msg,
                           Port **from)
{
    WaitResult result = WAIT_CLOSED;
    for (size_t i = 0; i < count; i++) {
        WaitResult one = ports[i] ? take(ports[i], msg) : WAIT_CLOSED;
        if (one == WAIT_OK) {
            *from = ports[i];
            return WAIT_OK;
        }
        if (one == WAIT_TIMED_OUT)
            result = WAIT_TIMED_OUT;
    }
    return result;
}

// Leaves the waiter where the next post or close will find it. Returns false if
// something has happened to the port since we last looked.
static bool watch(Port *port, Waiter *waiter)
{
    lock_acquire(&port->lock);
    port->waiter = waiter;
    size_t state =
        atomic_fetch_or_explicit(&port->state, WAITING, memory_order_relaxed);
    lock_release(&port->lock);
    return (state & ~(size_t)WAITING) == port->seen;
}

static bool watch_all(Port *ports[], size_t count, Waiter *waiter)
{
    for (size_t i = 0; i < count; i++)
        if (ports[i] && !watch(ports[i], waiter))
            return false;
    return true;
}

// Whoever wakes us does so under the lock: after this nobody knows the waiter.
static void unwatch(Port *port)
{
    lock_acquire(&port->lock);
    if (port->waiter) {
        atomic_fetch_and_explicit(&port->state, ~(size_t)WAITING,
                                  memory_order_relaxed);
        port->waiter = NULL;
    }
    lock_release(&port->lock);
}

static void unwatch_all(Port *ports[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (ports[i])
            unwatch(ports[i]);
}

// A message that comes promptly, within so many steps of a spin, was posted
// without waiting for an answer of ours. If we post none either, it is part of
// a stream; then who looks for each single message takes the state's cache line
// from the poster each time, and slows both down.
enum { PROMPT_STEPS = 2, HEAD_START = 64 };

// Lets the poster of a stream get ahead for a moment, so that one look finds
// many messages.
static void give_head_start(Port *ports[], size_t count)
{
    bool stream = false;
    for (size_t i = 0; i < count; i++) {
        if (ports[i] && ports[i]->prompt) {
            ports[i]->prompt = false;
            stream = true;
        }
    }
    for (int i = 0; i < HEAD_START && stream; i++)
        spin_pause();
}

static SpinHabit *habit_of_first(Port *ports[])
{
    while (*ports == NULL)
        ports++;
    return &(*ports)->habit;
}

// At least one of the ports is open.
static WaitResult spin_any(Port *ports[], size_t count, Message *msg,
                           Port **from)
{
    WaitResult result;
    Spin spin = spin_start(habit_of_first(ports));
    give_head_start(ports, count);
    do
        result = take_any(ports, count, msg, from);
    while (result == WAIT_TIMED_OUT && spin_once(&spin));
    spin_end(&spin);
    if (result == WAIT_OK)
        (*from)->prompt = spin.step <= PROMPT_STEPS;
    return result;
}

// What port_select is given.
typedef struct PortWait {
    Wait wait;
    Port **ports;
    size_t count;
} PortWait;

static void explain_holder(Report *report, const Port *port)
{
    unsigned long owner =
        atomic_load_explicit(&port->peer->owner, memory_order_relaxed);
    report_say(report, ". The other end, ");
    report_port(report, port->peer);
    report_say(report, ", ");
    if (owner == OWNER_CLOSED) {
        report_say(report, "is closed");
        return;
    }
    if (owner == OWNER_NONE || owner == OWNER_POSTED) {
        report_say(report, "was given away, and nobody has used it yet");
        return;
    }
    report_say(report, "is held by ");
    report_thread(report, owner);
}

static void explain_ports(const Wait *wait, Report *report)
{
    const PortWait *self = (const PortWait *)wait;
    const char *before = "for a message on ";
    for (size_t i = 0; i < self->count; i++) {
        if (self->ports[i] == NULL)
            continue;
        report_say(report, before);
        report_port(report, self->ports[i]);
        before = " or ";
    }
    for (size_t i = 0; i < self->count; i++)
        if (self->ports[i])
            explain_holder(report, self->ports[i]);
    report_say(report, ".");
}

static WaitResult wait_any(Port *ports[], size_t count, Message *msg,
                           Port **from, Deadline deadline)
{
    bool in_time = true;
    PortWait wait = { { explain_ports, NULL }, ports, count };
    WaitResult result = spin_any(ports, count, msg, from);
    while (result == WAIT_TIMED_OUT && in_time) {
        Waiter waiter = { 0 };
        TRACED(wait_for_ports(ports, count));
        if (watch_all(ports, count, &waiter))
            in_time = deadlock_sleep(&waiter, deadline, &wait.wait);
        unwatch_all(ports, count);
        result = take_any(ports, count, msg, from);
    }
    return result;
}

// The ports are ours.
static WaitResult receive_any(Port *ports[], size_t count, Message *msg,
                              Port **from, Deadline deadline)
{
    for (size_t i = 0; i < count; i++)
        if (ports[i])
            port_let_go_of_message(ports[i]);
    WaitResult result = take_any(ports, count, msg, from);
    if (result != WAIT_TIMED_OUT || deadline_remaining_ns(deadline) == 0)
        return result;
    return wait_any(ports, count, msg, from, deadline);
}

// All of them, before the first lets go of its message: with that, another one
// may have come.
static void must_own_all(Port *ports[], size_t count, const char *call)
{
    for (size_t i = 0; i < count; i++)
        if (ports[i])
            port_must_own(ports[i], call);
}

WaitResult port_select_until(Port *ports[], size_t count, Message *msg,
                             Port **from, Deadline deadline)
{
    must_own_all(ports, count, "port_select_until");
    return receive_any(ports, count, msg, from, deadline);
}

Port *port_select(Port *ports[], size_t count, Message *msg)
{
    Port *from = NULL;
    must_own_all(ports, count, "port_select");
    receive_any(ports, count, msg, &from, DEADLINE_NEVER);
    return from;
}

WaitResult port_receive_until(Port *port, Message *msg, Deadline deadline)
{
    Port *from;
    port_must_own(port, "port_receive_until");
    return receive_any(&port, 1, msg, &from, deadline);
}

bool port_receive(Port *port, Message *msg)
{
    Port *from;
    port_must_own(port, "port_receive");
    return receive_any(&port, 1, msg, &from, DEADLINE_NEVER) == WAIT_OK;
}
