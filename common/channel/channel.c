// Read plain/plain_channel.c first; this does the same without a lock on the
// way, because all that happens to a port changes one atomic word, its state
// (port_internal.h). Message passing between threads, as between the actors of
// Erlang. Invariant: only a port's owner uses the port's private fields; the
// peer's owner uses the shared fields alone.
#include "base/base.h"

#include <stdarg.h>

#include "port_internal.h"

void channel_open_for(const char *worker, Port **port1, Port **port2)
{
    size_t size = worker ? strlen(worker) + 1 : 0;
    Channel *channel = must_calloc_aligned(sizeof *channel + size);
    atomic_init(&channel->users, 2);
    channel->worker = worker ? memcpy(channel->name, worker, size) : NULL;
    for (int i = 0; i < 2; i++) {
        Port *port = &channel->ends[i];
        port->channel = channel;
        port->peer = &channel->ends[1 - i];
        port->reader.chain = &port->chain;
        port->writer.chain = &port->peer->chain;
        atomic_init(&port->owner, thread_number());
    }
    // The report at the end names a worker, not its channel.
    track(&channel->tracked, worker ? NULL : report_open_channel,
          channel_mend_in_child);
    *port1 = &channel->ends[0];
    *port2 = &channel->ends[1];
    TRACED(open(*port1, *port2));
}

void channel_open(Port **port1, Port **port2)
{
    channel_open_for(NULL, port1, port2);
}

// Ownership moves, as by Node's transferList.

void port_claim(Port *port, const char *call)
{
    must_exist(port, call, "this port was closed or moved away");
    // Of two threads that use a moved port, one wins the compare-and-swap.
    unsigned long owner = OWNER_NONE;
    atomic_compare_exchange_strong_explicit(&port->owner, &owner,
                                            thread_number(),
                                            memory_order_relaxed,
                                            memory_order_relaxed);
    if (owner == OWNER_NONE || owner == thread_number()) {
        if (port->arrived_at)
            port->arrived_at->arrived = NULL;
        port->arrived_at = NULL;
        return;
    }
    if (owner == OWNER_CLOSED)
        die("%s: this port was closed, through another pointer to it", call);
    if (owner == OWNER_POSTED)
        die("%s: this port was posted, through another pointer to it", call);
    die("%s: this port belongs to another thread; give it away with port_move",
        call);
}

static Port *give_up(Port **port, unsigned long owner)
{
    Port *given = *port;
    port_let_go_of_message(given);
    port_set_owner(given, owner);
    *port = NULL;
    return given;
}

Port *port_move(Port **port)
{
    port_must_own(*port, "port_move");
    return give_up(port, OWNER_NONE);
}

// Posting.

void port_wake(Port *port)
{
    lock_acquire(&port->lock);
    if (port->waiter) {
        // Relaxed: the lock orders WAITING and the waiter.
        atomic_fetch_and_explicit(&port->state, ~(size_t)WAITING,
                                  memory_order_relaxed);
        // Under the lock: the Waiter is on the sleeper's stack, and without
        // the lock the sleeper could return meanwhile.
        waiter_wake(port->waiter);
        port->waiter = NULL;
    }
    lock_release(&port->lock);
}

// Posts the bytes that were put into the writer. Wait-free where fetch_add is
// one instruction, unless a segment is allocated or the owner is woken.
static bool post(Port *port, size_t size, Port *moved)
{
    TRACED(post(port, port->peer, port->writer.bytes, size, moved));
    port->prompt = false;
    writer_add(&port->writer, size, moved);
    // The linearization point. Release: a thread that sees this post counted
    // sees the message. Acquire: after a refusal, all that the other end posted
    // before it closed is visible.
    size_t state = atomic_fetch_add_explicit(&port->peer->state, ONE_POST,
                                             memory_order_acq_rel);
    if (state & WAITING)
        port_wake(port->peer);
    port->refused = state & CLOSED;
    TRACED(posted(port->peer, port->refused));
    return !port->refused;
}

static bool post_copy(Port *port, const void *data, size_t size, Port *moved)
{
    if (port->refused)
        return false;
    char *bytes = writer_reserve(&port->writer, size);
    if (size > 0)
        memcpy(bytes, data, size);
    return post(port, size, moved);
}

bool port_post_bytes(Port *port, const void *data, size_t size)
{
    port_must_own(port, "port_post_bytes");
    TRACED(refuse(port, port->refused, ""));
    return post_copy(port, data, size, NULL);
}

static bool post_text(Port *port, Port *moved, const char *text,
                      const char *call)
{
    must_exist(text, call, "the text is NULL");
    TRACED(refuse(port, port->refused, text));
    return post_copy(port, text, strlen(text), moved);
}

bool port_post(Port *port, const char *text)
{
    port_must_own(port, "port_post");
    return post_text(port, NULL, text, "port_post");
}

bool port_postf(Port *port, const char *format, ...)
{
    port_must_own(port, "port_postf");
    TRACED(refuse(port, port->refused, format));
    if (port->refused)
        return false;
    // Formats in place: into the room that is left, and if the text is longer,
    // a second time into a new segment.
    Writer *writer = &port->writer;
    size_t size;
    bool fits;
    do {
        va_list args;
        va_start(args, format);
        size = must_print(vsnprintf(writer->bytes, writer->room, format, args),
                          format);
        va_end(args);
        fits = size < writer->room;
        writer_reserve(writer, size);
    } while (!fits);
    return post(port, size, NULL);
}

bool port_post_port(Port *port, Port **moved, const char *text)
{
    port_must_own(port, "port_post_port");
    port_must_own(*moved, "port_post_port");
    if ((*moved)->channel == port->channel)
        die("port_post_port: a port cannot travel on its own channel");
    // Where the port goes, and after how many messages, for a child of fork:
    // known before the port has no owner. Relaxed, because only this thread
    // counts posts to the peer.
    Port *traveller = *moved;
    traveller->posted_after =
        posts(atomic_load_explicit(&port->peer->state, memory_order_relaxed));
    traveller->arrived_at = port->peer;
    give_up(moved, OWNER_POSTED);
    if (post_text(port, traveller, text, "port_post_port"))
        return true;
    traveller->arrived_at = NULL;
    port_set_owner(traveller, thread_number());
    *moved = traveller;
    return false;
}
