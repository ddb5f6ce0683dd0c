// The inside of a port, for channel.c (opening, owning, posting, closing) and
// port_select.c (receiving).

#ifndef PORT_PARTS_H
#define PORT_PARTS_H

#include <stdatomic.h>

#include "channel.h"
#include "inbox.h"
#include "os.h"

// Both ends live in one allocation, which the second close frees. One lock a
// channel is simple, and enough: it is held for a few instructions a message.
typedef struct Channel Channel;

struct Port {
    Channel *channel;
    Port *peer;
    Inbox inbox;       // what the peer has posted to us; see inbox.h
    size_t taken;      // messages; the owner's alone
    size_t posted;     // messages; guarded by the channel's lock
    bool closed;       // posts to us fail; guarded by the channel's lock
    bool emptied;      // closed, and done with; guarded by the channel's lock
    Waiter *waiter;    // the owner while it waits; guarded by the channel's
                       // lock
    Port *arrived;     // came with our last message and is still unclaimed
    Port *arrived_at;  // the other way round; both are their one owner's
    Port *next_to_close;  // see port_close
    // A thread's number, or 0 on the way to one. Atomic so that misuse is seen,
    // and not undefined.
    _Atomic unsigned long owner;
};

struct Channel {
    Lock lock;
    Port ends[2];
};

void port_set_owner(Port *port, unsigned long owner);

// Dies if the port is not the calling thread's. One on its way becomes so; one
// that came with a message is claimed by being used. `call` is for the reason.
void port_must_own(Port *port, const char *call);

// Ends the time of the port's last message: closes the port that came with it,
// unless that has been claimed.
void port_let_go_of_message(Port *port);

#endif
