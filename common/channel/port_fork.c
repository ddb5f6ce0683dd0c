// Channels in a child of fork, which has none of the parent's other threads. An
// end that only those threads could use is closed. So a post to it is refused,
// and a receiver at the other end gets what was posted before, and then the
// word that no more will come. Invariant: `users` counts the ends that are
// open.
//
// The chains need no mending. A message is written before it is counted, and a
// segment leaves its chain before it is freed, so a chain that another thread
// was changing is whole in the child, but for what that thread alone knew of.
#include "base/base.h"

#include "port_internal.h"

// Follows a port that is in a message to the port that the message goes to,
// which may be in a message too, and so on. A message that was not yet counted
// never arrives. Neither do two ports that were posted into each other's
// channels: `slow` goes half as fast, and is caught up with (Floyd's cycle
// detection).
static bool is_out_of_reach(const Port *port)
{
    const Port *slow = port;
    unsigned long owner = port_owner(port);
    for (size_t steps = 1; owner == OWNER_POSTED; steps++) {
        const Port *to = port->arrived_at;
        if (to == NULL || posts(to->state) == port->posted_after)
            return true;
        slow = steps % 2 == 0 ? slow->arrived_at : slow;
        if (to == slow)
            return true;
        port = to;
        owner = port_owner(port);
    }
    return owner == OWNER_CLOSED ||
           (owner != OWNER_NONE && thread_is_gone(owner));
}

// Of an end that another thread was just closing, the owner says so, and the
// states perhaps not yet. The other end finds both changes, as after a close.
void channel_mend_in_child(Tracked *tracked) LOCKS_UNCHECKED
{
    Channel *channel = LIST_OBJECT(tracked, Channel, tracked);
    int open = 0;
    for (int i = 0; i < 2; i++) {
        Port *port = &channel->ends[i];
        port->lock = (Lock){ 0 };
        port->waiter = NULL;
        atomic_fetch_and(&port->state, ~(size_t)WAITING);
        if (is_out_of_reach(port)) {
            port_set_owner(port, OWNER_CLOSED);
            atomic_fetch_or(&port->state, CLOSED);
            atomic_fetch_or(&port->peer->state, OVER);
        } else {
            open++;
        }
    }
    atomic_store(&channel->users, open);
}
