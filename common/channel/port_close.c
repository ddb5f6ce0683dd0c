// Closing a port, and freeing the channel when both ends are closed. A closed
// port closes the ports that waited in it, and so on: a work list in place of
// recursion, because the chain of ports may be longer than a stack.
#include "base/base.h"

#include "port_internal.h"

// From here on the port is closed for its owner. A child of fork, which does
// not have the list, goes by that (port_fork.c).
static void push(Port **list, Port *port)
{
    if (port) {
        port_set_owner(port, OWNER_CLOSED);
        port->next_to_close = *list;
        *list = port;
    }
}

// Counts down the users: a reference count of two. Acquire and release: all
// that the other end did with the channel happens-before it is freed.
//
// Freed channels go into a quarantine first, as freed memory does in
// AddressSanitizer. For a while, a use through a second pointer still finds
// OWNER_CLOSED, and dies with a sentence, instead of using freed memory.
// Under explore (FEW_TRIES) there is no quarantine, so that each use of freed
// memory is found.
static void leave(Channel *channel)
{
    if (atomic_fetch_sub_explicit(&channel->users, 1, memory_order_acq_rel) > 1)
        return;
    untrack(&channel->tracked);
    for (int i = 0; i < 2; i++)
        reader_free(&channel->ends[i].reader);
#ifndef FEW_TRIES
    static Channel *_Atomic quarantine[32];
    static atomic_uint freed;
    // Relaxed: only the slot is chosen. Acquire and release below: all uses of
    // a channel happen-before another thread frees it.
    unsigned slot =
        atomic_fetch_add_explicit(&freed, 1, memory_order_relaxed) % 32;
    channel = atomic_exchange_explicit(&quarantine[slot], channel,
                                       memory_order_acq_rel);
#endif
    free_aligned(channel);
}

// Closes one end. The ports that close with it go on the list.
static void close_end(Port *port, Port **list)
{
    push(list, port->arrived);
    // The linearization point: from here on posts to this end are refused. Then
    // OVER: a receiver that finds no more finds its own posts refused, too.
    // Release: a thread that sees a flag sees all that this end did before.
    // Acquire, of this end's state: the counted messages are visible. To wake
    // the peer, port_wake takes the lock.
    size_t state =
        atomic_fetch_or_explicit(&port->state, CLOSED, memory_order_acq_rel);
    size_t peer_state = atomic_fetch_or_explicit(&port->peer->state, OVER,
                                                 memory_order_release);
    if (peer_state & WAITING)
        port_wake(port->peer);
    for (; port->taken != posts(state); port->taken += ONE_POST) {
        Message msg;
        reader_take(&port->reader, &msg);
        push(list, msg.port);
    }
    leave(port->channel);
}

void port_close(Port **port)
{
    port_must_own(*port, "port_close");
    TRACED(close(*port));
    Port *list = NULL;
    push(&list, *port);
    *port = NULL;
    while (list) {
        Port *closing = list;
        list = closing->next_to_close;
        close_end(closing, &list);
    }
}
