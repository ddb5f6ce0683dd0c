// The inside of a port, for channel.c (opening, owning, posting), port_select.c
// (receiving), port_close.c and channel_report.c.
//
// All that happens to a port is in one word, its `state`:
// - the number of messages that were posted to the port, in steps of ONE_POST;
// - CLOSED: the owner takes no more; posts counted after this are refused;
// - OVER: the peer is closed, no more will be posted;
// - WAITING: the owner sleeps, or is about to. Set if and only if there is a
//   waiter; changed under the port's lock only.
//
// Every change is one atomic read-modify-write, so all changes have one order,
// and each returns the state just before it. That instruction is the call's
// linearization point:
// - A post is one fetch_add. If CLOSED was set, it is refused. If WAITING was
//   set, it wakes the owner.
// - A close is one fetch_or of CLOSED. It returns how many posts came before:
//   each post is either received or refused, and none is lost. Then a fetch_or
//   of OVER tells the peer, which takes the messages that are left.
// - A receiver that goes to sleep sets WAITING by one fetch_or. If the state
//   has changed since its last look, it does not sleep.
//
// So there is no lost wake-up: of a post and a fetch_or of WAITING one comes
// first, and the other sees it. The lock guards only the address of the sleeper
// (`waiter`), and a post takes it only to wake.
//
// Happens-before: the poster writes the message, then adds with release; the
// receiver loads the count with acquire, then reads the message.
//
// The count wraps around at the top. After CLOSED no call reads it.

#ifndef PORT_INTERNAL_H
#define PORT_INTERNAL_H

#include <limits.h>

#include "base/names.h"

#include "base/cache_line.h"
#include "channel.h"
#include "deadlock/deadlock.h"
#include "message_chain.h"

enum { CLOSED = 1, OVER = 2, WAITING = 4, FLAGS = 7, ONE_POST = 8 };

// The posts that a state counts, in steps of ONE_POST.
static inline size_t posts(size_t state)
{
    return state & ~(size_t)FLAGS;
}

// A port's owner is the number of a thread, or one of these. A use through a
// pointer that was kept then ends the process, unless the channel is freed.
#define OWNER_NONE 0UL                // moved: the first thread to use it
#define OWNER_POSTED ULONG_MAX        // in a message: its receiver
#define OWNER_CLOSED (ULONG_MAX - 1)  // no thread, for good

typedef struct Channel Channel;

// Against false sharing, the fields of one thread and the shared fields lie on
// different cache lines: a post does not take away the lines that the receiver
// works with.
struct Port {
    // The owner's alone. Its number is atomic so that a misuse is detected, and
    // is no data race.
    alignas(CACHE_LINE) _Atomic unsigned long owner;
    Port *peer;
    Channel *channel;
    Writer writer;        // to the peer
    Reader reader;        // from the peer
    size_t taken;         // messages received, in steps of ONE_POST
    size_t seen;          // the state at the owner's last look
    Port *arrived;        // came with the last message and is still unclaimed
    Port *arrived_at;     // the opposite direction; in a message, where it goes
    Port *next_to_close;  // see port_close
    SpinHabit habit;
    bool prompt;   // the last wait was short; see port_select.c
    bool refused;  // a post was: the peer is closed

    // Shared with the peer's owner.
    alignas(CACHE_LINE) _Atomic size_t state;
    MessageChain chain;  // messages from the peer; see message_chain.h
    Lock lock;           // for sleeping and waking only
    Waiter *waiter GUARDED_BY(lock);  // the owner while it sleeps
    size_t posted_after;  // of a port in a message: the posts before that one
};

// Both ends are one allocation, which the second close frees.
struct Channel {
    Port ends[2];
    atomic_int users;    // ends that are not closed yet, or not done with it
    Tracked tracked;     // its place says what the ports are called
    const char *worker;  // the name of the worker that it belongs to, or NULL
    char name[];  // its copy: the ports may outlive the worker that has them
};

// A channel as channel_open makes it. With a worker's name the second port is
// its parent_port.
void channel_open_for(const char *worker, Port **port1, Port **port2);

// In a child of fork, as a Tracked's in_child: closes the ends that only the
// parent's other threads could use.
void channel_mend_in_child(Tracked *tracked);

// Ownership. Relaxed, because the owner's number orders nothing: a port's
// address comes to its next owner in a message or at the start of a thread, and
// that is the happens-before.

static inline unsigned long port_owner(const Port *port)
{
    return atomic_load_explicit(&port->owner, memory_order_relaxed);
}

static inline void port_set_owner(Port *port, unsigned long owner)
{
    atomic_store_explicit(&port->owner, owner, memory_order_relaxed);
}

// The slow path of port_must_own: there is something to report or to change.
void port_claim(Port *port, const char *call);

// Dies if the port is not the calling thread's. A port on its way becomes so; a
// port that came with a message is claimed by being used. `call` is for the
// reason.
static inline void port_must_own(Port *port, const char *call)
{
    if (port == NULL || port_owner(port) != thread_number() || port->arrived_at)
        port_claim(port, call);
}

// Ends the time of the port's last message: closes the port that came with it,
// unless that has been claimed.
static inline void port_let_go_of_message(Port *port)
{
    Port *unclaimed = port->arrived;
    if (unclaimed)
        port_close(&unclaimed);
}

// Takes the waiter off the port, if there is one, and wakes it.
void port_wake(Port *port);

// Reports.

// The `what` of a Wait for a message.
typedef struct PortList {
    Port **ports;  // entries may be NULL
    size_t count;
} PortList;

void report_port_wait(const Wait *wait, Report *report);
void report_open_channel(const Tracked *tracked, Report *report);

// " Never received on a: 2 messages.", of this port and of its other end, as
// far as that can be known.
void report_unread(Report *report, const Port *port);

#endif
