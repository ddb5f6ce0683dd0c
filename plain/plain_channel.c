// Channels as a monitor: one mutex guards all of them, and threads that wait
// for a message sleep on one condition.
//
// That condition stands for many predicates: each thread waits for a message on
// ports of its own. So a post cannot know which thread a signal would wake, and
// wakes all of them (broadcast). All but one find nothing and sleep again: a
// thundering herd, and the price of having one condition.
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
    must(pthread_cond_broadcast(&changed));
    return true;
}

// Takes the oldest message, or says why there is none.
static WaitResult take(Port *port, Message *msg)
{
    Letter *letter = port->first;
    if (letter == NULL)
        return port->peer->owner == OWNER_CLOSED ? WAIT_CLOSED : WAIT_TIMED_OUT;
    port->first = letter->next;
    port->received = letter;
    *msg = (Message){ { letter->bytes }, letter->size, letter->port };
    if (letter->port) {
        letter->port->owner = port->owner;
        letter->port->arrived_at = port;
    }
    return WAIT_OK;
}

static WaitResult take_any(Port *ports[], size_t count, Message *msg,
                           Port **from)
{
    WaitResult result = WAIT_CLOSED;
    for (size_t i = 0; i < count; i++) {
        WaitResult one = ports[i] ? take(ports[i], msg) : WAIT_CLOSED;
        if (one == WAIT_OK)
            *from = ports[i];
        if (one == WAIT_OK)
            return WAIT_OK;
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
            channels_end_message(ports[i]);
    while ((result = take_any(ports, count, msg, from)) == WAIT_TIMED_OUT &&
           in_time)
        in_time = condition_wait(&changed, &mutex, deadline);
    return result;
}

void channels_end_message(Port *port)
{
    Letter *ended = port->received;
    port->received = NULL;
    if (ended && ended->port)
        channels_close(ended->port);
    free(ended);
}

// A use through a second pointer finds that the port was closed, as long as the
// channel is not freed: the last few channels are kept.
static void free_later(Channel *channel)
{
    enum { KEPT = 32 };
    static Channel *kept[KEPT];
    static unsigned next;
    free(kept[next % KEPT]);
    kept[next++ % KEPT] = channel;
}

// Closing one port may close those that waited in it, and so on down. A list in
// place of recursion: the chain may be longer than a stack.
void channels_close(Port *port)
{
    Port *to_close = port;
    port->next_to_close = NULL;
    while (to_close) {
        Port *closing = to_close;
        to_close = closing->next_to_close;
        closing->owner = OWNER_CLOSED;
        Letter *letter = closing->received ? closing->received : closing->first;
        if (closing->received)
            letter->next = closing->first;
        while (letter) {
            Letter *next = letter->next;
            if (letter->port) {
                letter->port->next_to_close = to_close;
                to_close = letter->port;
            }
            free(letter);
            letter = next;
        }
        if (--closing->channel->open == 0)
            free_later(closing->channel);
    }
    must(pthread_cond_broadcast(&changed));
}
