// Channels: two ports, and messages that are posted on one port are received on
// the other. Node's MessageChannel and MessagePort. Message passing: each
// thread has its own data, and threads post copies of it to each other.
//
//     Port *port1, *port2;
//     channel_open(&port1, &port2);
//     Worker *worker = worker_start(answer, port_move(&port2));
//
//     port_postf(port1, "Are you there, %s?", name);
//
//     Message msg;
//     while (port_receive(port1, &msg))
//         printf("%s\n", msg.text);
//
//     port_close(&port1);
//
// A port has one owner: the thread that opened it, or the thread that it was
// given to. The owner posts, receives, and in the end either closes the port or
// moves it to another thread, by worker_data or in a message. Only the owner
// may call with a port. A call by another thread, or after the port was closed
// or moved away, is a bug, and ends the process with an error message.
//
// A use through a second pointer, which still holds the port's address, also
// ends the process with an error message:
// - after the port was closed. Once the other end is closed too, this holds
//   until 32 more channels have been closed at both ends; after that, it is a
//   use of freed memory;
// - after the port was posted, until a message brings it to the same thread;
// - after port_move, as soon as another thread has used the port. A thread that
//   uses it before that becomes its owner again, and then the other thread's
//   use ends the process.
//
// A second end: port_close and port_move leave NULL behind, and a call with
// NULL ends the process with an error message.
//
// In a signal handler: no call may be made. To tell a thread something, notify
// it (atomics.h) or try to send to its queue (queue.h).
//
// Messages arrive exactly once and in the order in which they were posted.
// Their number on the way is limited by memory alone.
//
// After fork: the child has a copy of all channels, and the thread that called
// fork still owns its ports there. In the child these ports are closed:
// - a port that another thread of the parent owned;
// - a port in a message that only such a thread could have received;
// - a port in a message that was not yet posted.
// So a post to the other end of such a port returns false, and a receive at
// that end first gets what was posted before the fork, and then finds that no
// more will come. A port that port_move gave away stays open, for the first
// thread of the child that uses it. The parent notices nothing of this.

#ifndef COMMON_CHANNEL_H
#define COMMON_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>

#include "call_site.h"
#include "deadline.h"

COMMON_BEGIN_C

typedef struct Port Port;

// A received message. All of it belongs to the port that it came to, until that
// port's next receive, select, move or close.
typedef struct Message {
    union {
        const char *text;  // always ends with a NUL, which size leaves out
        const void *data;  // the same bytes, aligned for any type
    };
    size_t size;  // bytes
    Port *port;  // the port that came along, or NULL. If you use or move it, it
                 // is yours to close; otherwise it is closed with the message
} Message;

// Makes a channel. The calling thread owns both ports.
void channel_open(Port **port1, Port **port2);

// Posts a copy of the text, as it is. Never blocks. Returns false, and posts
// nothing, when the other end is closed: no thread could ever receive it.
bool port_post(Port *port, const char *text);

// Posts text that is formatted as by printf. Otherwise as port_post.
bool port_postf(Port *port, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// Posts a copy of the bytes. Otherwise as port_post.
bool port_post_bytes(Port *port, const void *data, size_t size);

// Posts text and with it a port, which moves, as by Node's transferList: *moved
// becomes NULL, and the messages that wait in that port travel along. When the
// other end is closed, the call returns false, and *moved stays as it was. A
// port cannot travel on its own channel. Two ports that are posted into each
// other's channels are lost, and never freed.
bool port_post_port(Port *port, Port **moved, const char *text);

// Waits for the next message. Returns false when none will ever come: the other
// end is closed, and all its messages have been received.
bool port_receive(Port *port, Message *msg);

// The same until a deadline; with DEADLINE_NOW the call never waits. A message
// that is there is returned even when the deadline has passed.
WaitResult port_receive_until(Port *port, Message *msg, Deadline deadline);

// Waits for the next message on any of the ports, and returns the port that it
// came to. When several ports have a message, the first listed wins. The ports
// are tried in their order, one after the other: a port whose message comes
// after it was tried may be passed over. Entries may be NULL. Returns NULL when
// no message will ever come to any of the ports.
Port *port_select(Port *ports[], size_t count, Message *msg);

// The same until a deadline. Sets *from, with WAIT_OK only.
WaitResult port_select_until(Port *ports[], size_t count, Message *msg,
                             Port **from, Deadline deadline);

// Gives the port up: the next thread that uses it becomes its owner. Returns
// the port and leaves NULL behind.
Port *port_move(Port **port);

// Closes the port and leaves NULL behind. Messages that were posted on it
// before still arrive. Messages that were never received on it are freed, and
// ports in them are closed. A thread that waits at the other end wakes.
void port_close(Port **port);

// The library's own files do without these macros (call_site.h).
#ifndef IN_COMMON
#define channel_open(...)                                                      \
    COMMON_CALLED_FROM_HERE(channel_open, #__VA_ARGS__, __VA_ARGS__)
#define port_post(...)                                                         \
    COMMON_CALLED_FROM_HERE(port_post, #__VA_ARGS__, __VA_ARGS__)
#define port_postf(...)                                                        \
    COMMON_CALLED_AS(port_postf, "port_postf(" #__VA_ARGS__ ")",               \
                     port_postf(__VA_ARGS__))
#define port_post_bytes(...)                                                   \
    COMMON_CALLED_FROM_HERE(port_post_bytes, #__VA_ARGS__, __VA_ARGS__)
#define port_post_port(...)                                                    \
    COMMON_CALLED_FROM_HERE(port_post_port, #__VA_ARGS__, __VA_ARGS__)
#define port_receive(...)                                                      \
    COMMON_CALLED_FROM_HERE(port_receive, #__VA_ARGS__, __VA_ARGS__)
#define port_receive_until(...)                                                \
    COMMON_CALLED_FROM_HERE(port_receive_until, #__VA_ARGS__, __VA_ARGS__)
#define port_select(...)                                                       \
    COMMON_CALLED_FROM_HERE(port_select, #__VA_ARGS__, __VA_ARGS__)
#define port_select_until(...)                                                 \
    COMMON_CALLED_FROM_HERE(port_select_until, #__VA_ARGS__, __VA_ARGS__)
#define port_move(...)                                                         \
    COMMON_CALLED_FROM_HERE(port_move, #__VA_ARGS__, __VA_ARGS__)
#define port_close(...)                                                        \
    COMMON_CALLED_FROM_HERE(port_close, #__VA_ARGS__, __VA_ARGS__)
#endif

COMMON_END_C

#endif
