// Receiving, from one port or from several (select: the first listed that has a
// message wins). Spin-then-park: look, spin for a moment, then sleep with the
// waiter in every port. Invariant: a receiver sleeps only while WAITING is set
// in the states of all its ports, and none has changed since its last look.
#include "base/base.h"

#include "port_internal.h"

// Takes the port's next message, or says why there is none now. Looks at the
// state only when all messages that it knows of are taken: so the cache line
// stays with the poster.
static WaitResult take(Port *port, Message *msg)
{
    // Acquire: all that was written before a counted post happens-before this.
    if (port->taken == posts(port->seen))
        port->seen = atomic_load_explicit(&port->state, memory_order_acquire);
    if (port->taken == posts(port->seen))
        return port->seen & OVER || port->refused ? WAIT_CLOSED
                                                  : WAIT_TIMED_OUT;
    reader_take(&port->reader, msg);
    port->taken += ONE_POST;
    port->arrived = msg->port;
    if (msg->port)  // whose arrived_at is this port since the post
        port_set_owner(msg->port, thread_number());
    TRACED(receive(port, msg->data, msg->size, msg->port));
    return WAIT_OK;
}

// Looks at every port once, in their order.
static WaitResult take_any(PortList list, Message *msg, Port **from)
{
    WaitResult result = WAIT_CLOSED;
    for (size_t i = 0; i < list.count && result != WAIT_OK; i++) {
        Port *port = list.ports[i];
        WaitResult one = port ? take(port, msg) : WAIT_CLOSED;
        if (one == WAIT_OK)
            *from = port;
        if (one != WAIT_CLOSED)
            result = one;
    }
    return result;
}

// A message that comes within PROMPT_STEPS of a spin was posted without waiting
// for an answer. If the receiver posts none either, the message is part of a
// stream. A receiver that looks for each single message of a stream takes the
// state's cache line from the poster each time, and slows both down.
enum { PROMPT_STEPS = 2 };

// At least one of the ports is open.
static WaitResult spin_any(PortList list, Message *msg, Port **from)
{
    SpinHabit *habit = NULL;
    bool stream = false;
    for (size_t i = 0; i < list.count; i++) {
        Port *port = list.ports[i];
        if (port == NULL)
            continue;
        habit = habit ? habit : &port->habit;
        stream |= port->prompt;
        port->prompt = false;
    }
    WaitResult result;
    // The first pause of a patient spin is its longest: the poster of a stream
    // gets ahead, and one look then finds many messages.
    Spin spin = spin_start(habit);
    spin.patient = stream;
    do
        result = take_any(list, msg, from);
    while (result == WAIT_TIMED_OUT && spin_once(&spin));
    spin_end(&spin);
    if (result == WAIT_OK)
        (*from)->prompt = spin.step <= PROMPT_STEPS;
    return result;
}

// Leaves the waiter where the next post or close of each port will find it.
// Returns false if a port's state has changed since the last look: sleeping
// then would be a lost wake-up.
static bool watch_all(PortList list, Waiter *waiter)
{
    for (size_t i = 0; i < list.count; i++) {
        Port *port = list.ports[i];
        if (port == NULL)
            continue;
        lock_acquire(&port->lock);
        port->waiter = waiter;
        // Relaxed: take() looks again, and the lock orders the waiter.
        size_t state = atomic_fetch_or_explicit(&port->state, WAITING,
                                                memory_order_relaxed);
        lock_release(&port->lock);
        if ((state & ~(size_t)WAITING) != port->seen)
            return false;
    }
    return true;
}

// Not inlined, so that its registers are not saved on the fast path.
__attribute__((noinline)) static WaitResult
wait_any(PortList list, Message *msg, Port **from, Deadline deadline)
{
    bool in_time = true;
    Wait wait = { report_port_wait, &list };
    WaitResult result = spin_any(list, msg, from);
    while (result == WAIT_TIMED_OUT && in_time) {
        Waiter waiter = { 0 };
        TRACED(wait_for_ports(list.ports, list.count));
        if (watch_all(list, &waiter))
            in_time = deadlock_sleep(&waiter, deadline, &wait);
        // Takes the waiter off the ports that did not wake it; a thread may
        // wake itself. After that no wake-up is on its way, because each is
        // under a port's lock.
        for (size_t i = 0; i < list.count; i++)
            if (list.ports[i])
                port_wake(list.ports[i]);
        result = take_any(list, msg, from);
    }
    return result;
}

// The caller owns the ports.
static WaitResult receive_any(PortList list, Message *msg, Port **from,
                              Deadline deadline)
{
    for (size_t i = 0; i < list.count; i++)
        if (list.ports[i])
            port_let_go_of_message(list.ports[i]);
    WaitResult result = take_any(list, msg, from);
    if (result != WAIT_TIMED_OUT || deadline_remaining_ns(deadline) == 0)
        return result;
    return wait_any(list, msg, from, deadline);
}

// All ports, before the first lets go of its message: with that message another
// one of them may have come.
static PortList must_own_all(Port *ports[], size_t count, const char *call)
{
    for (size_t i = 0; i < count; i++)
        if (ports[i])
            port_must_own(ports[i], call);
    return (PortList){ ports, count };
}

WaitResult port_select_until(Port *ports[], size_t count, Message *msg,
                             Port **from, Deadline deadline)
{
    PortList list = must_own_all(ports, count, "port_select_until");
    return receive_any(list, msg, from, deadline);
}

Port *port_select(Port *ports[], size_t count, Message *msg)
{
    Port *from = NULL;
    PortList list = must_own_all(ports, count, "port_select");
    receive_any(list, msg, &from, DEADLINE_NEVER);
    return from;
}

WaitResult port_receive_until(Port *port, Message *msg, Deadline deadline)
{
    Port *from;
    port_must_own(port, "port_receive_until");
    return receive_any((PortList){ &port, 1 }, msg, &from, deadline);
}

bool port_receive(Port *port, Message *msg)
{
    Port *from;
    PortList list = { &port, 1 };
    port_must_own(port, "port_receive");
    return receive_any(list, msg, &from, DEADLINE_NEVER) == WAIT_OK;
}
