#define IN_COMMON
#include "channel.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "inbox.h"
#include "os.h"
#include "text.h"

// Both ends live in one allocation, which the second close frees. One lock a
// channel is simple, and enough: it is held for a few instructions a message.
typedef struct Channel Channel;

struct Port {
    Channel *channel;
    Port *peer;
    Inbox inbox;         // what the peer has posted to us; see inbox.h
    size_t taken;        // messages; the owner's alone
    size_t posted;       // messages; guarded by the channel's lock
    bool closed;         // posts to us fail; guarded by the channel's lock
    bool emptied;        // closed, and done with; guarded by the channel's lock
    Waiter *waiter;      // the owner while it waits; guarded by the channel's
                         // lock
    Port *arrived;       // came with our last message and is still unclaimed
    Port *arrived_at;    // the other way round; both are their one owner's
    Port *next_to_close; // see port_close
    const void *_Atomic owner;  // a thread's `me`, or NULL on the way to one.
                                // Atomic so that misuse is seen, not undefined
};

struct Channel {
    Lock lock;
    Port ends[2];
};

static _Thread_local char me;  // its address is this thread's identity

void channel_open(Port **port1, Port **port2)
{
    Channel *channel = must_calloc(1, sizeof *channel);
    lock_init(&channel->lock);
    for (int i = 0; i < 2; i++) {
        Port *port = &channel->ends[i];
        port->channel = channel;
        port->peer = &channel->ends[1 - i];
        atomic_init(&port->owner, &me);
        inbox_init(&port->inbox);
    }
    *port1 = &channel->ends[0];
    *port2 = &channel->ends[1];
}

static void channel_free(Channel *channel)
{
    for (int i = 0; i < 2; i++)
        inbox_destroy(&channel->ends[i].inbox);
    lock_destroy(&channel->lock);
    free(channel);
}

// Ownership.

// A port that came with a message is ours as soon as we do something with it.
static void claim(Port *port)
{
    if (port->arrived_at)
        port->arrived_at->arrived = NULL;
    port->arrived_at = NULL;
    atomic_store_explicit(&port->owner, &me, memory_order_relaxed);
}

static void must_own(Port *port, const char *call)
{
    if (port == NULL)
        die("%s: this port was closed or moved away", call);
    const void *owner =
        atomic_load_explicit(&port->owner, memory_order_relaxed);
    if (owner == NULL)
        claim(port);
    else if (owner != &me)
        die("%s: this port belongs to another thread; give it away with "
            "port_move",
            call);
}

static void let_go_of_message(Port *port)
{
    Port *unclaimed = port->arrived;
    if (unclaimed)
        port_close(&unclaimed);
}

// Says that the port is on its way to another thread.
static void give_up(Port *port, const char *call)
{
    must_own(port, call);
    let_go_of_message(port);
    atomic_store_explicit(&port->owner, NULL, memory_order_relaxed);
}

Port *port_move(Port **port)
{
    Port *moved = *port;
    give_up(moved, "port_move");
    *port = NULL;
    return moved;
}

// Posting.

// Makes the message that was appended visible, and wakes whoever waits for it.
static bool publish(Port *to)
{
    lock_acquire(&to->channel->lock);
    bool open = !to->closed;
    if (open) {
        to->posted++;
        if (to->waiter)
            waiter_wake(to->waiter);
    }
    lock_release(&to->channel->lock);
    return open;
}

static bool post(Port *port, const void *data, size_t size, Port *moved)
{
    Inbox *inbox = &port->peer->inbox;
    InboxMark mark = inbox_append(inbox, data, size, moved);
    bool posted = publish(port->peer);
    if (!posted)
        inbox_undo(inbox, mark);
    return posted;
}

bool port_post_bytes(Port *port, const void *data, size_t size)
{
    must_own(port, "port_post_bytes");
    return post(port, data, size, NULL);
}

static bool post_text(Port *port, Port *moved, const char *format, va_list args)
{
    Text text = { 0 };
    text_add_args(&text, format, args);
    bool posted = post(port, text.at, text.size, moved);
    text_free(&text);
    return posted;
}

bool port_post(Port *port, const char *format, ...)
{
    must_own(port, "port_post");
    va_list args;
    va_start(args, format);
    bool posted = post_text(port, NULL, format, args);
    va_end(args);
    return posted;
}

bool port_post_port(Port *port, Port **moved, const char *format, ...)
{
    must_own(port, "port_post_port");
    must_own(*moved, "port_post_port");
    if ((*moved)->channel == port->channel)
        die("port_post_port: a port cannot travel on its own channel");

    Port *traveller = port_move(moved);
    va_list args;
    va_start(args, format);
    bool posted = post_text(port, traveller, format, args);
    va_end(args);
    if (!posted) {
        claim(traveller);
        *moved = traveller;
    }
    return posted;
}

// Receiving.

// Takes the port's next message, or says why there is none now. With a waiter,
// leaves it where the next post or close will find it.
static WaitResult take(Port *port, Message *msg, Waiter *waiter)
{
    lock_acquire(&port->channel->lock);
    bool ready = port->taken < port->posted;
    bool over = !ready && port->peer->closed;
    port->waiter = ready ? NULL : waiter;
    lock_release(&port->channel->lock);
    if (!ready)
        return over ? WAIT_CLOSED : WAIT_TIMED_OUT;

    let_go_of_message(port);
    inbox_take(&port->inbox, msg);
    port->taken++;
    port->arrived = msg->port;
    if (msg->port)
        msg->port->arrived_at = port;
    return WAIT_OK;
}

static void withdraw(Port *ports[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (ports[i] == NULL)
            continue;
        lock_acquire(&ports[i]->channel->lock);
        ports[i]->waiter = NULL;
        lock_release(&ports[i]->channel->lock);
    }
}

// Looks at every port once, in their order.
static WaitResult take_any(Port *ports[], size_t count, Message *msg,
                           Port **from, Waiter *waiter)
{
    WaitResult result = WAIT_CLOSED;
    for (size_t i = 0; i < count; i++) {
        WaitResult one =
            ports[i] ? take(ports[i], msg, waiter) : WAIT_CLOSED;
        if (one == WAIT_OK) {
            *from = ports[i];
            return WAIT_OK;
        }
        if (one == WAIT_TIMED_OUT)
            result = WAIT_TIMED_OUT;
    }
    return result;
}

static WaitResult wait_any(Port *ports[], size_t count, Message *msg,
                           Port **from, Deadline deadline)
{
    Waiter waiter;
    waiter_init(&waiter);
    WaitResult result;
    bool in_time = true;
    for (;;) {
        result = take_any(ports, count, msg, from, &waiter);
        if (result != WAIT_TIMED_OUT || !in_time)
            break;
        in_time = waiter_sleep(&waiter, deadline);
    }
    withdraw(ports, count);
    waiter_destroy(&waiter);
    return result;
}

static WaitResult select_by(Port *ports[], size_t count, Message *msg,
                            Port **from, Deadline deadline, const char *call)
{
    for (size_t i = 0; i < count; i++)
        if (ports[i])
            must_own(ports[i], call);
    WaitResult result = take_any(ports, count, msg, from, NULL);
    if (result != WAIT_TIMED_OUT || deadline_remaining_ns(deadline) == 0)
        return result;
    return wait_any(ports, count, msg, from, deadline);
}

WaitResult port_select_by(Port *ports[], size_t count, Message *msg,
                          Port **from, Deadline deadline)
{
    return select_by(ports, count, msg, from, deadline, "port_select_by");
}

Port *port_select(Port *ports[], size_t count, Message *msg)
{
    Port *from = NULL;
    select_by(ports, count, msg, &from, DEADLINE_NEVER, "port_select");
    return from;
}

WaitResult port_receive_by(Port *port, Message *msg, Deadline deadline)
{
    Port *from;
    must_own(port, "port_receive_by");
    return select_by(&port, 1, msg, &from, deadline, "port_receive_by");
}

bool port_receive(Port *port, Message *msg)
{
    Port *from;
    must_own(port, "port_receive");
    return select_by(&port, 1, msg, &from, DEADLINE_NEVER, "port_receive") ==
           WAIT_OK;
}

// Closing.

// From here on posts to this end fail, and the other end sees that no more
// comes.
static void refuse_posts(Port *port)
{
    lock_acquire(&port->channel->lock);
    port->closed = true;
    if (port->peer->waiter)
        waiter_wake(port->peer->waiter);
    lock_release(&port->channel->lock);
}

// Takes what was never received, and puts the ports among it before the list.
static Port *empty(Port *port, Port *to_close)
{
    Message msg;
    while (port->taken < port->posted) {
        inbox_take(&port->inbox, &msg);
        port->taken++;
        if (msg.port) {
            msg.port->next_to_close = to_close;
            to_close = msg.port;
        }
    }
    return to_close;
}

static void leave(Port *port)
{
    Channel *channel = port->channel;
    lock_acquire(&channel->lock);
    port->emptied = true;
    bool last = port->peer->emptied;
    lock_release(&channel->lock);
    if (last)
        channel_free(channel);
}

// Closing one port may close those that waited in it, and so on down. A list
// instead of recursion: the chain may be longer than a stack.
void port_close(Port **port)
{
    must_own(*port, "port_close");
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
        refuse_posts(closing);
        to_close = empty(closing, to_close);
        leave(closing);
    }
}
