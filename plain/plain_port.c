// The life of a port: it is opened, belongs to one thread at a time, is moved
// to another thread, and is closed. The owner is looked at and changed under
// the mutex, so a use by the wrong thread is found, and is no data race.
#include "base/base.h"

#include "os/os.h"
#include "plain_channel.h"

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
    if (port->arrived_at)
        port->arrived_at->received->port = NULL;
    port->arrived_at = NULL;
}

// What was written before the move is seen by the new owner: its first use
// takes the mutex that is released here (happens-before).
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

// A use through a second pointer finds that the port was closed, as long as the
// channel is not freed: the last few channels are kept.
static void free_later(Channel *channel)
{
    enum { KEPT = 32 };
    static Channel *kept[KEPT];
    static size_t closed;
    size_t place = closed++ % KEPT;
    free(kept[place]);
    kept[place] = channel;
}

// Frees the messages. Puts the ports among them in front of the list, which it
// returns.
static Port *free_letters(Letter *letter, Port *to_close)
{
    while (letter) {
        Letter *next = letter->next;
        if (letter->port) {
            letter->port->next_to_close = to_close;
            to_close = letter->port;
        }
        free(letter);
        letter = next;
    }
    return to_close;
}

// Closing one port closes those that waited in it, and so on down. A list in
// place of recursion: the chain may be longer than a stack.
static void close_all(Port *to_close)
{
    while (to_close) {
        Port *port = to_close;
        to_close = free_letters(port->first, port->next_to_close);
        if (port->received) {
            port->received->next = NULL;
            to_close = free_letters(port->received, to_close);
        }
        port->owner = OWNER_CLOSED;
        if (--port->channel->open == 0)
            free_later(port->channel);
    }
    channels_wake_all();
}

void port_end_message(Port *port)
{
    Letter *ended = port->received;
    port->received = NULL;
    if (ended) {
        ended->next = NULL;
        close_all(free_letters(ended, NULL));
    }
}

void port_close(Port **port)
{
    Port *closed = *port;
    channels_lock();
    port_check_owner(closed, "port_close");
    closed->next_to_close = NULL;
    close_all(closed);
    channels_unlock();
    *port = NULL;
}
