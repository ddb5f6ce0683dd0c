// The recorder for words that threads sleep on, queues and maps: see record.c.
// A map has no messages: its calls are only put in order, by the moment in
// which each one takes effect, its linearization point.

#include <stdio.h>
#include <string.h>

#include "base/trace_hooks.h"
#include "record.h"
#include "record_names.h"
#include "value.h"

// A notify wakes the thread that has waited longest. So the waits on a word are
// a FIFO queue of links: the waiter sends, the notify receives the oldest link,
// and the waiter that wakes has the same link.

// Notifies.

// Told under the lock of the list of waiters, before the thread sleeps.
void traced_wait_for_notify(const void *word, bool equal)
{
    RecordThread *thread = equal ? record_enter() : NULL;
    if (thread == NULL)
        return;
    char name[WORDS];
    const Call *call = record_call(thread, "atomics_wait", CALLS);
    if (call && call_argument(call->words, 0, name, sizeof name))
        thing_named(word, name);
    snprintf(thread->words, WORDS, "for a notify on %.200s", thing_name(word));
    thread->notify = thing_send(word);
    record_leave();
}

void traced_notified(const void *word, bool notified)
{
    RecordThread *thread = record_enter();
    if (thread == NULL)
        return;
    if (notified)
        record_with(thread, EVENT_NOTIFIED, word, "atomics_wait")->link =
            thread->notify;
    else
        thing_unsend(word, thread->notify);
    thread->notify = 0;
    record_leave();
}

void traced_notify(const void *word)
{
    RecordThread *thread = record_enter();
    if (thread == NULL)
        return;
    record_with(thread, EVENT_NOTIFY, word, "atomics_notify")->link =
        thing_receive(word);
    record_leave();
}

// A notify without a waiter. A loop that repeats it at one place is one event.
void traced_notify_nobody(const void *word, int woken)
{
    RecordThread *thread = woken == 0 ? record_enter() : NULL;
    if (thread == NULL)
        return;
    const Event *last = record_last_of(thread->lane);
    const Call *call = record_call(thread, "atomics_notify", CALLS);
    if (last == NULL || call == NULL || last->kind != EVENT_NOTIFY ||
        last->link != 0 || last->place != call->place)
        record_with(thread, EVENT_NOTIFY, word, "atomics_notify");
    record_leave();
}

// Queues.

void traced_close_queue(const void *queue)
{
    RecordThread *thread = record_enter();
    if (thread == NULL)
        return;
    record_with(thread, EVENT_CLOSE, queue, "queue_close(");
    record_leave();
}

void traced_wait_for(const char *words, const void *queue)
{
    RecordThread *thread = record_enter();
    if (thread == NULL)
        return;
    char name[WORDS] = "";
    const Call *call = queue ? record_call(thread, "queue_", CALLS) : NULL;
    if (call)
        call_argument(call->words, 0, name, sizeof name);
    snprintf(thread->words, WORDS, "%s%s%.150s", words, call ? " " : "", name);
    record_leave();
}

// Maps. An operation may try several times (a compare-and-swap loop): each try
// keeps a place in the order, and the last place counts, since that try took
// effect.

// A map has one name for all threads: its name in the first call with it.
static void name_map(RecordThread *thread, const void *map)
{
    char name[WORDS];
    const Call *call = record_call(thread, "shared_map_", CALLS);
    if (thing_name(map)[0] == '\0' && call &&
        call_argument(call->words, 0, name, sizeof name))
        thing_named(map, name);
}

void traced_share_map(const void *map)
{
    RecordThread *thread = record_enter();
    if (thread == NULL)
        return;
    name_map(thread, map);
    record_leave();
}

void traced_free_map(const void *map)
{
    RecordThread *thread = record_enter();
    if (thread == NULL)
        return;
    thing_forget(map);
    record_leave();
}

// Until traced_map has told the result. Between the two the map's calls take
// turns, so no other call comes between the moment and its event.
void traced_map_call(void)
{
    record_map_enter();
    RecordThread *thread = record_enter();
    if (thread == NULL)
        return;
    thread->in_map = true;
    thread->moment = 0;
    record_leave();
}

void traced_map_moment(void)
{
    RecordThread *thread = record_enter();
    if (thread == NULL)
        return;
    if (thread->in_map)
        thread->moment = record_event(0, EVENT_KINDS)->number;
    record_leave();
}

// Moves the event to the place that was kept for it, with the time of that
// moment. The event that was just made becomes an unused place.
static void fill(RecordThread *thread, const void *map, const char *text,
                 const Value *value)
{
    name_map(thread, map);
    Event *made = record_in(thread, EVENT_MAP, "shared_map_");
    made->object = record_words(thing_name(map));
    Event *event = made;
    if (thread->moment > 0) {
        event = record_event_at(thread->moment);
        Event moved = *made;
        moved.number = event->number;
        moved.ns = event->ns;
        made->kind = EVENT_KINDS;
        made->object = "";
        *event = moved;
    }
    event->text = text;
    event->more = record_value(value);
}

void traced_map(const void *map, const char *what, const void *key,
                size_t key_size, Value value)
{
    RecordThread *thread = record_enter();
    if (thread != NULL) {
        char words[WORDS];
        int length = snprintf(words, sizeof words, "%s%s", what,
                              key_size > 0 ? " " : "");
        size_t room = sizeof words - (size_t)length;
        size_t size = key_size < room ? key_size : room;
        if (size > 0)
            memcpy(words + length, key, size);
        fill(thread, map, record_text(words, (size_t)length + size), &value);
        thread->in_map = false;
        record_leave();
    }
    record_map_leave();
}

// An add tells the sum: the new value of the map.
void traced_add(const void *map, const void *key, size_t key_size,
                long long amount, Value sum)
{
    char what[40];
    snprintf(what, sizeof what, "add %lld to", amount);
    traced_map(map, what, key, key_size, sum);
}

bool traced_set(bool stored, const void *map, const void *key, size_t key_size,
                Value value)
{
    traced_map(map, "set", key, key_size, stored ? value : value_text("no"));
    return stored;
}
