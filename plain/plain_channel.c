// Channels as a monitor: one mutex guards all of them, and the threads that
// wait for a message sleep on one condition. Message passing: what is posted is
// copied, so no thread sees memory that another thread still writes to.
//
// The one condition stands for many predicates, because each thread waits for a
// message on ports of its own. A signal could wake a thread that has no
// message, and the right one would sleep on. So a post wakes all (broadcast):
// all but one find nothing and sleep again, a thundering herd.
#include "base/base.h"

#include "plain_channel.h"

#include "condition.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed;

static void make_condition(void)
{
    condition_init(&changed);
}

void channels_lock(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    must(pthread_once(&once, make_condition));
    must(pthread_mutex_lock(&mutex));
}

void channels_unlock(void)
{
    must(pthread_mutex_unlock(&mutex));
}

void channels_wake_all(void)
{
    must(pthread_cond_broadcast(&changed));
}

bool channels_post(Port *port, const void *data, size_t size, Port *moved)
{
    Port *peer = port->peer;
    if (peer->owner == OWNER_CLOSED)
        return false;
    if (size > PTRDIFF_MAX - 2 * sizeof(Letter))
        die("a message of %zu bytes is too large", size);
    Letter *letter = must_malloc(sizeof *letter + size + 1);
    *letter = (Letter){ .port = moved, .size = size };
    if (size > 0)
        memcpy(letter->bytes, data, size);
    letter->bytes[size] = '\0';
    *(peer->first ? &peer->last->next : &peer->first) = letter;
    peer->last = letter;
    channels_wake_all();
    return true;
}

// Takes the port's oldest message, or says why there is none. The look at the
// peer comes last: messages that were posted before its close still arrive.
static WaitResult take(Port *port, Message *msg)
{
    Letter *letter = port->first;
    if (letter == NULL)
        return port->peer->owner == OWNER_CLOSED ? WAIT_CLOSED : WAIT_TIMED_OUT;
    port->first = letter->next;
    letter->next = NULL;
    port->received = letter;
    *msg = (Message){ { letter->bytes }, letter->size, letter->port };
    if (letter->port) {
        letter->port->owner = port->owner;
        letter->port->arrived_at = port;
    }
    return WAIT_OK;
}

// Looks at the ports once, in their order.
static WaitResult take_any(Port *ports[], size_t count, Message *msg,
                           Port **from)
{
    WaitResult result = WAIT_CLOSED;
    for (size_t i = 0; i < count; i++) {
        WaitResult one = ports[i] ? take(ports[i], msg) : WAIT_CLOSED;
        if (one == WAIT_OK) {
            *from = ports[i];
            return WAIT_OK;
        }
        if (one == WAIT_TIMED_OUT)
            result = WAIT_TIMED_OUT;
    }
    return result;
}

// The predicate loop: a thread looks again after every wake-up, which may have
// been for another thread, or for none (a spurious wake-up). No wake-up is
// lost: the mutex is held from the look until the thread sleeps.
WaitResult channels_receive(Port *ports[], size_t count, Message *msg,
                            Port **from, Deadline deadline)
{
    bool in_time = true;
    WaitResult result;
    for (size_t i = 0; i < count; i++)
        if (ports[i])
            port_end_message(ports[i]);
    while ((result = take_any(ports, count, msg, from)) == WAIT_TIMED_OUT &&
           in_time)
        in_time = condition_wait(&changed, &mutex, deadline);
    return result;
}
