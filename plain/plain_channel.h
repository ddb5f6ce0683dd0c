// What plain_channel.c (messages) and plain_port.c (the calls) share.

#ifndef PLAIN_CHANNEL_H
#define PLAIN_CHANNEL_H

#include "base/names.h"

#include <limits.h>
#include <pthread.h>
#include <stdalign.h>

#include "channel.h"

#define channels_lock common_channels_lock
#define channels_unlock common_channels_unlock
#define channels_post common_channels_post
#define channels_receive common_channels_receive
#define channels_close common_channels_close
#define channels_end_message common_channels_end_message

// A message on its way, or the last one that its port has received.
typedef struct Letter {
    struct Letter *next;
    Port *port;  // came along, and is not in use yet; or NULL
    size_t size;
    alignas(max_align_t) char bytes[];
} Letter;

struct Port {
    unsigned long owner;  // the number of a thread, or one of those below
    Port *peer;
    struct Channel *channel;
    Letter *first, *last;  // posted to this port, and not received yet
    Letter *received;      // the last message; the next call frees it
    Port *arrived_at;      // came along with the last message of that port
    Port *next_to_close;
};

typedef struct Channel {
    Port ends[2];
    int open;  // ends that are not closed yet
} Channel;

#define OWNER_NONE 0UL                // moved: the first thread to use it
#define OWNER_POSTED ULONG_MAX        // in a message: the thread that takes it
#define OWNER_CLOSED (ULONG_MAX - 1)  // no thread again

// One mutex and one condition for all channels. A thread holds the mutex for a
// whole call, but for the time that it waits. The calls below need it.
void channels_lock(void);
void channels_unlock(void);

bool channels_post(Port *port, const void *data, size_t size, Port *moved);
WaitResult channels_receive(Port *ports[], size_t count, Message *msg,
                            Port **from, Deadline deadline);
void channels_close(Port *port);

// Frees the port's last message, and closes the port that came with it, unless
// that has been claimed.
void channels_end_message(Port *port);

#endif
