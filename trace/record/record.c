// The recorder: turns the hooks of the library (trace_hooks.h) into the events
// of a picture. This file has the threads, the ports and the sleeping.
// Invariant: the list of events is a total order that agrees with
// happens-before.

#include "record.h"

#include <stdio.h>
#include <string.h>

#include "base/trace_hooks.h"
#include "record_events.h"
#include "record_names.h"

// A hook stands before the library publishes a change, and after it has taken
// one; each hook adds its event under one lock. So an event is told before
// another thread can know of it, and an event that depends on it comes later.

// The calls are a ring of the last few: the names of the library that the
// program calls, noted at the call site (traced_call).
Call *record_call(RecordThread *thread, const char *name, unsigned how_far)
{
    for (unsigned i = 0; i < how_far; i++) {
        Call *call = &thread->calls[(thread->newest - i) % CALLS];
        if (call->words && strncmp(call->words, name, strlen(name)) == 0)
            return call;
    }
    return NULL;
}

Event *record_here(RecordThread *thread, EventKind kind)
{
    // A thread without a lane: the program has started it without the library.
    if (thread->lane == 0) {
        thread->lane = lane_new(NULL, "thread");
        record_event(thread->lane, EVENT_BEGIN)->object =
            record_words(lane_name(thread->lane));
    }
    Event *event = record_event(thread->lane, kind);
    const char *place = thread->calls[thread->newest % CALLS].place;
    event->place = place ? place : "";
    return event;
}

// The newest call may be another one, made for an argument: so search by name.
Event *record_in(RecordThread *thread, EventKind kind, const char *name)
{
    Event *event = record_here(thread, kind);
    const Call *call = record_call(thread, name, CALLS);
    if (call)
        event->place = call->place;
    return event;
}

const char *record_words(const char *text)
{
    return text ? record_text(text, strlen(text)) : "";
}

// A call site passes its place and, behind the zero byte, the call as it is
// written.
void traced_call(const char *place)
{
    RecordThread *thread = record_enter();
    if (thread == NULL)
        return;
    thread->calls[++thread->newest % CALLS] =
        (Call){ place, place + strlen(place) + 1 };
    thread->words[0] = '\0';
    record_leave();
}

// Threads.

unsigned record_main(void)
{
    record_forget();
    names_forget();
    return lane_new(NULL, "main");
}

// A thread that calls exit is not joined: its lane ends here.
void record_exit(void)
{
    RecordThread *thread = record_enter();
    if (thread == NULL)
        return;
    if (thread->lane != 0 && !lane_has_ended(thread->lane)) {
        record_event(thread->lane, EVENT_END);
        lane_end(thread->lane);
    }
    record_leave();
}

// The name of the port is a guess that is right for the usual names; a later
// call with the port gives it the program's own name for it.
void traced_start_worker(const void *id, const char *name, const Port *port,
                         const Port *parent_port, const void *data)
{
    RecordThread *thread = record_enter();
    if (thread == NULL)
        return;
    unsigned lane = lane_new(id, name);
    char words[WORDS];
    snprintf(words, sizeof words, "%s->port", lane_name(lane));
    thing_named(port, words);
    thing_named(parent_port, "parent_port");
    Event *event = record_in(thread, EVENT_START, "worker_start");
    event->link = lane;
    event->object = record_words(lane_name(lane));
    event->more = record_words(port_name(data));
    record_leave();
}

// Told by the new thread, after its start: the lane exists already.
void traced_begin(const void *id)
{
    RecordThread *thread = record_enter();
    if (thread == NULL)
        return;
    thread->lane = lane_next(id);
    lane_begin(thread->lane);
    record_event(thread->lane, EVENT_BEGIN);
    record_leave();
}

void traced_end(void)
{
    RecordThread *thread = record_enter();
    if (thread == NULL)
        return;
    record_event(thread->lane, EVENT_END);
    lane_end(thread->lane);
    record_leave();
}

void traced_join(const void *id, int exit_code, const char *error)
{
    RecordThread *thread = record_enter();
    if (thread == NULL)
        return;
    char words[32] = "";
    if (exit_code != 0)
        snprintf(words, sizeof words, "exit code %d", exit_code);
    Event *event = record_in(thread, EVENT_JOIN, "worker_join");
    event->link = lane_of(id);
    event->object = record_words(lane_name(lane_of(id)));
    event->text = record_words(error ? error : words);
    lane_forget(event->link);  // the address of the worker may be used again
    record_leave();
}

// Ports. The words of a call with a port are the program's name for that port.

Event *record_with(RecordThread *thread, EventKind kind, const void *thing,
                   const char *call_name)
{
    Event *event = record_here(thread, kind);
    const Call *call = record_call(thread, call_name, CALLS);
    char words[WORDS];
    if (call) {
        event->place = call->place;
        if (call_argument(call->words, 0, words, sizeof words))
            thing_named(thing, words);
    }
    event->object = record_words(thing_name(thing));
    return event;
}

// The address of a port may be that of one that was freed: forget that one
// first.
void traced_open(const Port *port1, const Port *port2)
{
    RecordThread *thread = record_enter();
    if (thread == NULL)
        return;
    const Call *call = record_call(thread, "channel_open(", 1);
    const Port *ports[] = { port1, port2 };
    for (unsigned i = 0; i < 2; i++) {
        char words[WORDS];
        thing_forget(ports[i]);
        thing_is_port(ports[i]);
        if (call && call_argument(call->words, i, words, sizeof words))
            thing_named(ports[i], words);
    }
    record_leave();
}

// Told before the message is in the channel, so that its receive comes later in
// the file. Whether the port was closed is only known after that:
// traced_posted.
void traced_post(const Port *port, const Port *peer, const void *data,
                 size_t size, const Port *moved)
{
    RecordThread *thread = record_enter();
    if (thread == NULL)
        return;
    Event *event = record_with(thread, EVENT_POST, port, "port_post");
    event->link = thing_send(peer);
    event->text = record_text(data, size);
    event->more = record_words(thing_name(moved));
    thread->posted = event->number;
    record_leave();
}

// The post was refused: its event becomes one that has no receive.
void traced_posted(const Port *peer, bool refused)
{
    RecordThread *thread = record_enter();
    if (thread == NULL)
        return;
    if (refused && thread->posted > 0) {
        Event *event = record_event_at(thread->posted);
        thing_unsend(peer, event->link);
        event->kind = EVENT_REFUSED;
        event->link = 0;
    }
    thread->posted = 0;
    record_leave();
}

// Refused before anything was sent.
void traced_refuse(const Port *port, bool refused, const char *text)
{
    RecordThread *thread = refused ? record_enter() : NULL;
    if (thread == NULL)
        return;
    Event *event = record_with(thread, EVENT_REFUSED, port, "port_post");
    event->text = record_words(text);
    record_leave();
}

// The receive takes the oldest link that was sent to this port: channels are
// FIFO.
void traced_receive(const Port *port, const void *data, size_t size,
                    const Port *moved)
{
    RecordThread *thread = record_enter();
    if (thread == NULL)
        return;
    Event *event =
        record_call(thread, "port_select", 1)
            ? record_here(thread, EVENT_RECEIVE)
            : record_with(thread, EVENT_RECEIVE, port, "port_receive");
    event->object = record_words(thing_name(port));
    event->link = thing_receive(port);
    event->text = record_text(data, size);
    event->more = record_words(thing_name(moved));
    record_leave();
}

// Only a close that the program calls. The library also closes ports by itself,
// when a worker ends or is joined: those have no call, and no event.
void traced_close(const Port *port)
{
    RecordThread *thread = record_enter();
    if (thread == NULL)
        return;
    Call *call = record_call(thread, "port_close(", 1);
    if (call) {
        record_with(thread, EVENT_CLOSE, port, "port_close(");
        call->words = NULL;
    }
    record_leave();
}

// Sleeping. The words of a wait are noted first; the wait becomes an event only
// if the thread falls asleep.

void traced_wait_for_end(const void *id)
{
    RecordThread *thread = record_enter();
    if (thread == NULL)
        return;
    snprintf(thread->words, WORDS, "for %s to end", lane_name(lane_of(id)));
    bool sleep = !lane_has_ended(lane_of(id));
    record_leave();
    if (sleep)
        traced_falls_asleep();
}

// NULLs in the list are ports that the select does not look at.
void traced_wait_for_ports(Port *const ports[], size_t count)
{
    RecordThread *thread = record_enter();
    if (thread == NULL)
        return;
    const Call *call = record_call(thread, "port_receive", 1);
    char words[WORDS];
    if (call && call_argument(call->words, 0, words, sizeof words))
        thing_named(ports[0], words);
    size_t length = (size_t)snprintf(thread->words, WORDS, "for a message on");
    const char *before = " ";
    for (size_t i = 0; i < count && length < WORDS; i++) {
        if (ports[i] == NULL)
            continue;
        length += (size_t)snprintf(thread->words + length, WORDS - length,
                                   "%s%s", before, thing_name(ports[i]));
        before = " or ";
    }
    record_leave();
}

// A thread that falls asleep several times for one reason has one wait.
void traced_falls_asleep(void)
{
    RecordThread *thread = record_enter();
    if (thread == NULL)
        return;
    if (thread->lane != 0 && thread->sleep == 0 && thread->words[0] != '\0') {
        Event *event = record_here(thread, EVENT_WAIT);
        event->link = thread->sleep = names_link();
        event->text = record_words(thread->words);
    }
    record_leave();
}

void traced_wake(bool woken)
{
    RecordThread *thread = record_enter();
    if (thread == NULL)
        return;
    if (thread->sleep != 0) {
        Event *event = record_here(thread, EVENT_WAKE);
        event->link = thread->sleep;
        event->text = record_words(woken ? "" : "in vain");
    }
    thread->sleep = 0;
    thread->words[0] = '\0';
    record_leave();
}

// The end. A thread that sleeps has no event: it is the stuck report that ends
// the program, and the open wait shows it.

void traced_died(const char *word)
{
    RecordThread *thread = record_enter();
    if (thread == NULL)
        return;
    if (thread->sleep == 0) {
        record_here(thread, EVENT_DIED)->text = record_words(word);
        lane_end(thread->lane);
    }
    record_leave();
    traced_write();
}
