// Closing ports, and the messages that are freed by that. A message may bring a
// port, and messages that wait in that port may bring more ports. Invariant: a
// port that was never claimed is closed with the message that brought it.
#include "base/base.h"

#include "plain_channel.h"

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

// Closing one port closes the ports that waited in it, and so on down. A list
// in place of recursion: the chain may be longer than a stack. The channel is
// freed by the second of its two closes.
static void close_all(Port *to_close)
{
    while (to_close) {
        Port *port = to_close;
        to_close = free_letters(port->first, port->next_to_close);
        to_close = free_letters(port->received, to_close);
        port->owner = OWNER_CLOSED;  // from now on a post here returns false
        channels_wake_all();         // a thread may wait at the other end
        if (--port->channel->open == 0)
            free_later(port->channel);
    }
}

void port_end_message(Port *port)
{
    Letter *ended = port->received;
    port->received = NULL;
    close_all(free_letters(ended, NULL));
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
