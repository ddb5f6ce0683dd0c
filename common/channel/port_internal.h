// The inside of a port, for channel.c (opening, owning, posting), port_select.c
// (receiving) and port_close.c.

#ifndef PORT_INTERNAL_H
#define PORT_INTERNAL_H

#include <limits.h>

#include "base/names.h"

#include <stdalign.h>
#include <stdatomic.h>

#include "channel.h"
#include "deadlock/deadlock.h"
#include "message_chain.h"
#include "os/os.h"
#include "os/spin.h"

// Both ends live in one allocation, which the second close frees.
typedef struct Channel Channel;

// What is one thread's alone, and what is not, stands on cache lines of its
// own: so a post does not take away the lines that the other thread works with.
struct Port {
    // The owner's alone. Its number is a thread's, or one of those below;
    // atomic so that misuse is seen, and not undefined.
    alignas(CACHE_LINE) _Atomic unsigned long owner;
    Port *peer;
    Channel *channel;
    Writer writer;        // to the peer
    Reader reader;        // from the peer
    size_t taken;         // messages, in steps of ONE_POST
    size_t seen;          // the state as it was when we last looked
    Port *arrived;        // came with our last message and is still unclaimed
    Port *arrived_at;     // the other way round; both are their one owner's
    Port *next_to_close;  // see port_close
    SpinHabit habit;
    bool prompt;   // our last wait was short; see port_select.c
    bool refused;  // a post of ours: the peer is closed

    // Shared with the peer's owner.
    alignas(CACHE_LINE) _Atomic size_t state;  // see below
    MessageChain chain;  // what the peer posts to us; see message_chain.h
    Lock lock;           // for sleeping and waking only
    Waiter *waiter GUARDED_BY(lock);  // the owner while it sleeps
};

struct Channel {
    Port ends[2];
    atomic_int users;    // ends that are not closed yet, or not done with it
    Tracked tracked;     // its place says what the ports are called
    const char *worker;  // the name of the one that it was made for, or NULL
};

// A port's owner when it is no thread. A use through a pointer that was kept
// then ends the process, as long as the channel is not freed.
#define OWNER_NONE 0UL                // moved: the first thread to use it
#define OWNER_POSTED ULONG_MAX        // in a message: the thread that takes it
#define OWNER_CLOSED (ULONG_MAX - 1)  // no thread again

// A port's state is one word, so that all that happens to it has one order:
// how many messages were posted to the port, in steps of ONE_POST, and flags
// that say
//   CLOSED   the owner takes no more; posts counted after this are refused
//   OVER     the peer is closed: no more will be posted
//   WAITING  the owner sleeps, or is about to. Set if and only if there is a
//            waiter; changed under the port's lock only
//
// A post is one addition, which says what was before it: closed, and then it is
// refused; or waiting, and then it wakes. A close is one "or", which says how
// many came before it, to the last one. So a post is either received or refused
// and never lost, and who falls asleep is woken, without a lock: of two such
// changes one comes first, and the other sees it.
//
// The count wraps around at the top; behind CLOSED nobody looks at it.
enum { CLOSED = 1, OVER = 2, WAITING = 4, FLAGS = 7, ONE_POST = 8 };

// How many messages were posted, in steps of ONE_POST.
static inline size_t posts(size_t state)
{
    return state & ~(size_t)FLAGS;
}

// A channel as channel_open makes it. With a worker's name, which is not
// copied, the second port is its parent_port.
void channel_open_for(const char *worker, Port **port1, Port **port2);

// What the port is called.
void report_port(Report *report, const Port *port);

// " Never received on a: 2 messages.", of this port and of its other end, as
// far as that can be known.
void report_unread(Report *report, const Port *port);

void port_set_owner(Port *port, unsigned long owner);

// What port_must_own does when there is something to say or to change.
void port_claim(Port *port, const char *call);

// Dies if the port is not the calling thread's. One on its way becomes so; one
// that came with a message is claimed by being used. `call` is for the reason.
static inline void port_must_own(Port *port, const char *call)
{
    if (port == NULL ||
        atomic_load_explicit(&port->owner, memory_order_relaxed) !=
            thread_number() ||
        port->arrived_at)
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

// Wakes the port's owner, if it sleeps.
void port_wake(Port *port);

#endif
