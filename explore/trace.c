#include "trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output.h"
#include "places.h"
#include "thread.h"

typedef struct Event {
    int thread;
    char name[32];  // of the thread
    char what[48];
    int object;  // its number, or -1
    Place place;
    bool has_value;
    uint64_t value;
    int back;
} Event;

enum { MAX_EVENTS = 20000, MAX_OBJECTS = 1000 };

static bool on;
static Event *events;
static int event_count;
static const void *objects[MAX_OBJECTS];
static int object_count;

void trace_start(bool on_now)
{
    on = on_now;
    event_count = 0;
    object_count = 0;
    if (on && events == NULL)
        events = calloc(MAX_EVENTS, sizeof *events);
    if (events == NULL)
        on = false;
}

static int number_of(const void *object)
{
    for (int i = 0; i < object_count; i++)
        if (objects[i] == object)
            return i;
    if (object == NULL || object_count == MAX_OBJECTS)
        return -1;
    objects[object_count] = object;
    return object_count++;
}

void trace(const char *what, const void *object, const void *place)
{
    if (!on || event_count == MAX_EVENTS)
        return;
    Event *event = &events[event_count++];
    *event = (Event){ .thread = self->id,
                      .object = number_of(object),
                      .place = { { place } } };
    memcpy(event->name, self->name, sizeof event->name);
    snprintf(event->what, sizeof event->what, "%s", what);
    int depth = self->depth < MAX_CALLS ? self->depth : MAX_CALLS;
    for (int i = 1; i < PLACE_DEPTH && depth > 0; i++)
        event->place.calls[i] = self->calls[--depth];
}

// A thread that is joined has a name of its own.
void trace_wait(const char *what, const void *object, const void *place)
{
    bool thread = (const char *)object >= (const char *)threads &&
                  (const char *)object < (const char *)(threads + MAX_THREADS);
    char words[48];
    snprintf(words, sizeof words, "waits for %s", what);
    if (on)
        trace(words, thread ? NULL : object, place);
}

void trace_value(uint64_t value, int back)
{
    if (!on || event_count == 0 || events[event_count - 1].thread != self->id)
        return;
    events[event_count - 1].has_value = true;
    events[event_count - 1].value = value;
    events[event_count - 1].back = back;
}

int trace_steps(void)
{
    return event_count;
}

void trace_memory(const void *address, size_t size)
{
    uint64_t value = 0;
    if (!on || size > sizeof value)
        return;
    memcpy(&value, address, size);
    trace_value(value, 0);
}

static void look_up_all(void)
{
    const void **all =
        malloc(((size_t)event_count * PLACE_DEPTH + 1) * sizeof *all);
    size_t count = 0;
    for (int i = 0; all != NULL && i < event_count; i++)
        for (int j = 0; j < PLACE_DEPTH; j++)
            all[count++] = events[i].place.calls[j];
    places_look_up(all, count);
    free(all);
}

// "A" to "Z", "AA", "AB", ...
static void print_object(int number)
{
    if (number >= 26)
        print_object(number / 26 - 1);
    fputc('A' + number % 26, report);
}

static const char *place_at(const Event *event)
{
    const void *innermost = event->place.calls[0];
    return innermost == NULL ? "" : place_name(innermost);
}

// It happens in the program's own line, not in the library.
static bool is_direct(const Event *event)
{
    return strcmp(place_own(&event->place), place_at(event)) == 0;
}

static void print_what(const Event *event)
{
    fprintf(report, " %s", event->what);
    if (event->object >= 0) {
        fputc(' ', report);
        print_object(event->object);
    }
    if (event->has_value)
        fprintf(report, ": %llu%s", (unsigned long long)event->value,
                event->back > 0 ? ", an older value" : "");
}

static void print_event(int step, const Event *event, bool only_own)
{
    fprintf(report, "%5d  %-12s %-18s", step, event->name,
            place_own(&event->place));
    if (!only_own)
        fprintf(report, " %-22s", is_direct(event) ? "" : place_at(event));
    if (only_own && !is_direct(event))
        fprintf(report, " calls the library");
    else
        print_what(event);
    fputc('\n', report);
}

// A step of the program's own, or the first one in a call to the library.
static bool is_own(const Event *event, const Event *last)
{
    const char *own = place_own(&event->place);
    if (own[0] == '\0')
        return false;
    return last == NULL || last->thread != event->thread ||
           strcmp(own, place_own(&last->place)) != 0 || is_direct(event);
}

void trace_print(bool only_own)
{
    const Event *last = NULL;
    look_up_all();
    for (int i = 0; i < event_count; i++) {
        const Event *event = &events[i];
        if (only_own && !is_own(event, last))
            continue;
        print_event(i + 1, event, only_own);
        last = event;
    }
    if (event_count == MAX_EVENTS)
        fprintf(report, "... and so on.\n");
}
