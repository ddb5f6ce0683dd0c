#include "base/base.h"

#include "port_internal.h"

// From here on posts to this end fail, and the other end sees that no more
// comes, in this order: who is told of the end finds its posts refused. Returns
// how many messages came before.
//
// Release: who sees a flag sees all that we did before. Acquire: we see the
// messages that we are told of.
static size_t refuse_posts(Port *port)
{
    size_t state =
        atomic_fetch_or_explicit(&port->state, CLOSED, memory_order_acq_rel);
    size_t peer_state = atomic_fetch_or_explicit(&port->peer->state, OVER,
                                                 memory_order_acq_rel);
    if (peer_state & WAITING)
        port_wake(port->peer);
    return posts(state);
}

// Takes what was never received, and puts the ports among it before the list.
static Port *empty(Port *port, size_t posted, Port *to_close)
{
    Message msg;
    while (port->taken != posted) {
        reader_take(&port->reader, &msg);
        port->taken += ONE_POST;
        if (msg.port) {
            msg.port->next_to_close = to_close;
            to_close = msg.port;
        }
    }
    return to_close;
}

// The channels that were freed last: a use through a second pointer finds that
// the port was closed, and no memory that is another thing's by now. explore is
// to find each use of freed memory: for it nothing is kept.
#ifdef FEW_TRIES
static void free_later(Channel *channel)
{
    free_aligned(channel);
}
#else
enum { KEPT = 32 };
static Channel *_Atomic kept[KEPT];
static atomic_uint kept_count;

// Acquire and release: what frees it comes after all that was done with it.
static void free_later(Channel *channel)
{
    unsigned slot = atomic_fetch_add(&kept_count, 1) % KEPT;
    free_aligned(
        atomic_exchange_explicit(&kept[slot], channel, memory_order_acq_rel));
}
#endif

// The last one to leave frees the channel. Acquire and release: after all that
// the other has done with it.
static void leave(Channel *channel)
{
    if (atomic_fetch_sub_explicit(&channel->users, 1, memory_order_acq_rel) > 1)
        return;
    if (channel->worker == NULL)
        untrack(&channel->tracked);
    for (int i = 0; i < 2; i++)
        reader_free(&channel->ends[i].reader);
    free_later(channel);
}

// Closing one port may close those that waited in it, and so on down. A list
// instead of recursion: the chain may be longer than a stack.
void port_close(Port **port)
{
    port_must_own(*port, "port_close");
    TRACED(close(*port));
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
        port_set_owner(closing, OWNER_CLOSED);
        to_close = empty(closing, refuse_posts(closing), to_close);
        leave(closing->channel);
    }
}
