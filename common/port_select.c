#define IN_COMMON
#include "port_parts.h"

// Takes the port's next message, or says why there is none now. With a waiter,
// leaves it where the next post or close will find it.
static WaitResult take(Port *port, Message *msg, Waiter *waiter)
{
    lock_acquire(&port->channel->lock);
    bool ready = port->taken < port->posted;
    bool over = !ready && port->peer->closed;
    port->waiter = ready ? NULL : waiter;
    lock_release(&port->channel->lock);
    if (!ready)
        return over ? WAIT_CLOSED : WAIT_TIMED_OUT;

    inbox_take(&port->inbox, msg);
    port->taken++;
    port->arrived = msg->port;
    if (msg->port) {
        msg->port->arrived_at = port;
        port_set_owner(msg->port, thread_number());
    }
    return WAIT_OK;
}

static void withdraw(Port *ports[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (ports[i] == NULL)
            continue;
        lock_acquire(&ports[i]->channel->lock);
        ports[i]->waiter = NULL;
        lock_release(&ports[i]->channel->lock);
    }
}

// Looks at every port once, in their order.
static WaitResult take_any(Port *ports[], size_t count, Message *msg,
                           Port **from, Waiter *waiter)
{
    WaitResult result = WAIT_CLOSED;
    for (size_t i = 0; i < count; i++) {
        WaitResult one = ports[i] ? take(ports[i], msg, waiter) : WAIT_CLOSED;
        if (one == WAIT_OK) {
            *from = ports[i];
            return WAIT_OK;
        }
        if (one == WAIT_TIMED_OUT)
            result = WAIT_TIMED_OUT;
    }
    return result;
}

static WaitResult wait_any(Port *ports[], size_t count, Message *msg,
                           Port **from, Deadline deadline)
{
    Waiter waiter = { 0 };
    WaitResult result;
    bool in_time = true;
    for (;;) {
        result = take_any(ports, count, msg, from, &waiter);
        if (result != WAIT_TIMED_OUT || !in_time)
            break;
        in_time = waiter_sleep(&waiter, deadline);
    }
    withdraw(ports, count);
    return result;
}

// The ports are ours.
static WaitResult receive_any(Port *ports[], size_t count, Message *msg,
                              Port **from, Deadline deadline)
{
    for (size_t i = 0; i < count; i++)
        if (ports[i])
            port_let_go_of_message(ports[i]);
    WaitResult result = take_any(ports, count, msg, from, NULL);
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

WaitResult port_select_by(Port *ports[], size_t count, Message *msg,
                          Port **from, Deadline deadline)
{
    must_own_all(ports, count, "port_select_by");
    return receive_any(ports, count, msg, from, deadline);
}

Port *port_select(Port *ports[], size_t count, Message *msg)
{
    Port *from = NULL;
    must_own_all(ports, count, "port_select");
    receive_any(ports, count, msg, &from, DEADLINE_NEVER);
    return from;
}

WaitResult port_receive_by(Port *port, Message *msg, Deadline deadline)
{
    Port *from;
    port_must_own(port, "port_receive_by");
    return receive_any(&port, 1, msg, &from, deadline);
}

bool port_receive(Port *port, Message *msg)
{
    Port *from;
    port_must_own(port, "port_receive");
    return receive_any(&port, 1, msg, &from, DEADLINE_NEVER) == WAIT_OK;
}
