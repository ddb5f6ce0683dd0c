// The recorder for tasks, futures and pools: see record.c. A task of
// future_start has a lane, like a thread, whichever thread runs it. A task of a
// pool has none: it is a message to the pool, received by the pool's thread
// that runs it.

#include <stdio.h>
#include <string.h>

#include "base/trace_hooks.h"
#include "future.h"
#include "record.h"
#include "record_names.h"

// A future that settles is a message to each thread that awaits it. All of them
// share one link: the future's thing notes the event of the settle.

// A value of a future or a map in words, for all types without a text of their
// own.
static const char *words_of(const Value *value, char *room, size_t size)
{
    switch (value->type) {
    case VALUE_NULL:
        return "null";
    case VALUE_BOOL:
        return value->boolean ? "true" : "false";
    case VALUE_INT:
        snprintf(room, size, "%lld", value->integer);
        return room;
    case VALUE_REAL:
        snprintf(room, size, "%.15g", value->real);
        return room;
    case VALUE_BYTES:
        snprintf(room, size, "%zu bytes", value->size);
        return room;
    default:
        return "";
    }
}

const char *record_value(const Value *value)
{
    char room[64];
    if (value->type == VALUE_TEXT || value->type == VALUE_ERROR)
        return record_text(value->text, value->size);
    return record_words(words_of(value, room, sizeof room));
}

// A future is named after its task's function, an argument of the call. Its
// address may be that of a future that was freed: forget that one first.
static void name_task(RecordThread *thread, const Future *future,
                      const char *call_name, unsigned which)
{
    char words[WORDS];
    const Call *call = record_call(thread, call_name, CALLS);
    thing_forget(future);
    lane_forget(lane_of(future));
    if (call == NULL || !call_argument(call->words, which, words, sizeof words))
        snprintf(words, sizeof words, "task");
    thing_named(future, words);
}

void traced_start_task(const Future *future)
{
    RecordThread *thread = record_enter();
    if (thread == NULL)
        return;
    name_task(thread, future, "future_start(", 0);
    unsigned lane = lane_new(future, thing_name(future));
    thing_named(future, lane_name(lane));  // unique: "square 2"
    Event *event = record_in(thread, EVENT_START, "future_start(");
    event->link = lane;
    event->object = record_words(lane_name(lane));
    record_leave();
}

void traced_start_in_pool(const void *pool, const Future *future)
{
    RecordThread *thread = record_enter();
    if (thread == NULL)
        return;
    name_task(thread, future, "pool_start(", 1);
    Event *event = record_with(thread, EVENT_POST, pool, "pool_start(");
    event->link = thing_send(future);
    event->text = record_words(thing_name(future));
    thing_note(future, event->number);
    record_leave();
}

// A task of a pool has no lane of its own: its thread receives it, as a
// message.
static void receive_task(RecordThread *thread, const Future *future)
{
    unsigned long posted = thing_noted(future);
    Event *event = record_event(thread->lane, EVENT_RECEIVE);
    event->link = thing_receive(future);
    event->text = record_words(thing_name(future));
    if (posted > 0) {
        const char *pool = record_event_at(posted)->object;
        event->object = record_copy(pool);
    }
}

// A thread that awaits a task may run it: lanes nest, as calls do. `outer` is a
// stack of the lanes that the thread has left; deeper ones are only counted.
void traced_run(const Future *future)
{
    RecordThread *thread = record_enter();
    if (thread == NULL)
        return;
    unsigned lane = lane_of(future);
    if (thread->depth < TASKS)
        thread->outer[thread->depth] = thread->lane;
    thread->depth++;
    if (lane != 0) {
        thread->lane = lane;
        lane_begin(lane);
        record_event(lane, EVENT_BEGIN);
    } else {
        receive_task(thread, future);
    }
    record_leave();
}

void traced_ran(void)
{
    RecordThread *thread = record_enter();
    if (thread == NULL)
        return;
    thread->depth--;
    unsigned outer =
        thread->depth < TASKS ? thread->outer[thread->depth] : thread->lane;
    if (outer != thread->lane) {
        record_event(thread->lane, EVENT_END);
        lane_end(thread->lane);
    }
    thread->lane = outer;
    thread->words[0] = '\0';
    record_leave();
}

void traced_cancel(const Future *future)
{
    RecordThread *thread = record_enter();
    if (thread == NULL)
        return;
    Event *event = record_in(thread, EVENT_CANCEL, "future_");
    event->link = lane_of(future);
    event->object = record_words(thing_name(future));
    record_leave();
}

// Told before the value is published, so that every await comes later.
void traced_settle(const Future *future, const Value *value)
{
    RecordThread *thread = record_enter();
    if (thread == NULL)
        return;
    Event *event = record_here(thread, EVENT_SETTLE);
    event->link = names_link();
    event->object = record_words(thing_name(future));
    event->text = record_value(value);
    thing_note(future, event->number);
    record_leave();
}

static void await(RecordThread *thread, const Future *future)
{
    unsigned long settled = thing_noted(future);
    Event *event = record_in(thread, EVENT_AWAIT, "future_await");
    event->object = record_words(thing_name(future));
    if (settled > 0) {
        event->link = record_event_at(settled)->link;
        event->text = record_copy(record_event_at(settled)->text);
    }
}

// `one` is the future that await_any has chosen; without it, all of them.
void traced_await(Future *const futures[], size_t count, const Future *one)
{
    RecordThread *thread = record_enter();
    if (thread == NULL)
        return;
    if (one)
        await(thread, one);
    for (size_t i = 0; !one && i < count; i++)
        await(thread, futures[i]);
    record_leave();
}

// A task that was cancelled before it began has no lane to join.
void traced_join_task(const Future *future)
{
    RecordThread *thread = record_enter();
    if (thread == NULL)
        return;
    unsigned lane = lane_of(future);
    if (lane_has_begun(lane)) {
        Event *event = record_in(thread, EVENT_JOIN, "future_join");
        event->link = lane;
        event->object = record_words(lane_name(lane));
    }
    lane_forget(lane);
    thing_forget(future);
    record_leave();
}

// A pool's threads. All their lanes have the pool's address as their id; the
// join forgets them one by one.

void traced_start_pool_thread(const void *pool)
{
    RecordThread *thread = record_enter();
    if (thread == NULL)
        return;
    thing_named(pool, "pool");
    unsigned lane = lane_new(pool, "pool");
    Event *event = record_in(thread, EVENT_START, "pool_new(");
    event->link = lane;
    event->object = record_words(lane_name(lane));
    record_leave();
}

void traced_join_pool(const void *pool)
{
    RecordThread *thread = record_enter();
    if (thread == NULL)
        return;
    for (unsigned lane; (lane = lane_of(pool)) != 0;) {
        Event *event = record_in(thread, EVENT_JOIN, "pool_join(");
        event->link = lane;
        event->object = record_words(lane_name(lane));
        lane_forget(lane);
    }
    thing_forget(pool);
    record_leave();
}

// The reasons to sleep, in words.

void traced_wait_for_task(const Future *future)
{
    RecordThread *thread = record_enter();
    if (thread == NULL)
        return;
    snprintf(thread->words, WORDS, "for %.200s to end", thing_name(future));
    record_leave();
}

// The futures of the list are those that have not settled yet: "a, b and c".
void traced_wait_for_futures(Future *const futures[], size_t count, bool any)
{
    RecordThread *thread = record_enter();
    if (thread == NULL)
        return;
    int length = snprintf(thread->words, WORDS, "for ");
    for (size_t i = 0; i < count && length < WORDS; i++) {
        const char *between = i + 2 < count ? ", " : any ? " or " : " and ";
        length +=
            snprintf(thread->words + length, (size_t)(WORDS - length), "%s%s",
                     thing_name(futures[i]), i + 1 < count ? between : "");
    }
    if (length < WORDS)
        snprintf(thread->words + length, (size_t)(WORDS - length),
                 " to settle");
    record_leave();
}

void traced_wait_for_pool(const void *pool)
{
    RecordThread *thread = record_enter();
    if (thread == NULL)
        return;
    snprintf(thread->words, WORDS, "for the threads of %.200s to end",
             thing_name(pool));
    record_leave();
    traced_falls_asleep();
}
