// A port has one owner: the thread that opened it, until the port is moved.
// Only the owner uses a port, as an actor uses its mailbox. The owner is read
// and changed under the mutex, so a use by the wrong thread is found, and is no
// data race. The fast version has the owner in an atomic word.
#include "base/base.h"

#include "os/os.h"
#include "plain_channel.h"

// No mutex: until the ports are given away, no other thread knows of them.
void channel_open(Port **port1, Port **port2)
{
    Channel *channel = must_calloc(1, sizeof *channel);
    channel->open = 2;
    for (int i = 0; i < 2; i++)
        channel->ends[i] = (Port){ .owner = thread_number(),
                                   .peer = &channel->ends[1 - i],
                                   .channel = channel };
    *port1 = &channel->ends[0];
    *port2 = &channel->ends[1];
}

// The check and the change are one step, under the mutex: of two threads that
// use a port that was moved, one becomes its owner and the other is told.
void port_check_owner(Port *port, const char *call)
{
    if (port == NULL)
        die("%s: this port was closed or moved away", call);
    if (port->owner == OWNER_NONE)
        port->owner = thread_number();
    if (port->owner == OWNER_CLOSED)
        die("%s: this port was closed, through another pointer to it", call);
    if (port->owner == OWNER_POSTED)
        die("%s: this port was posted, through another pointer to it", call);
    if (port->owner != thread_number())
        die("%s: this port belongs to another thread; give it away with "
            "port_move",
            call);
    // This use claims a port that came with a message: the message's end closes
    // it no more.
    if (port->arrived_at)
        port->arrived_at->received->port = NULL;
    port->arrived_at = NULL;
}

// All that the old owner wrote before the move happens before the new owner's
// first use, because that takes the mutex which is released here.
Port *port_move(Port **port)
{
    Port *moved = *port;
    channels_lock();
    port_check_owner(moved, "port_move");
    port_end_message(moved);
    moved->owner = OWNER_NONE;
    channels_unlock();
    *port = NULL;
    return moved;
}
