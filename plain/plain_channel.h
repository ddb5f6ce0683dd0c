// What the files of the plain channel share.

#ifndef PLAIN_CHANNEL_H
#define PLAIN_CHANNEL_H

#include "base/names.h"

#include <limits.h>
#include <pthread.h>
#include <stdalign.h>

#include "channel.h"

#define channels_lock common_channels_lock
#define channels_unlock common_channels_unlock
#define channels_wake_all common_channels_wake_all
#define channels_post common_channels_post
#define channels_receive common_channels_receive
#define port_check_owner common_port_check_owner
#define port_end_message common_port_end_message

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
    Letter *received;      // the last message: freed by the next receive
    Port *arrived_at;      // came along with the last message of that port
    Port *next_to_close;
};

#define OWNER_NONE 0UL                // moved: the first thread to use it
#define OWNER_POSTED ULONG_MAX        // in a message: the thread that takes it
#define OWNER_CLOSED (ULONG_MAX - 1)  // no thread again

typedef struct Channel {
    Port ends[2];
    int open;  // ends that are not closed yet
} Channel;

// One mutex and one condition for all channels. A thread holds the mutex for a
// whole call, but for the time that it sleeps. The calls below need it.
void channels_lock(void);
void channels_unlock(void);
void channels_wake_all(void);

bool channels_post(Port *port, const void *data, size_t size, Port *moved);
WaitResult channels_receive(Port *ports[], size_t count, Message *msg,
                            Port **from, Deadline deadline);

// Dies if the port is not the calling thread's. A port that was moved becomes
// so; a port that came with a message is claimed by being used.
void port_check_owner(Port *port, const char *call);

// Frees the port's last message, and closes the port that came with it, unless
// that port has been claimed.
void port_end_message(Port *port);

#endif
