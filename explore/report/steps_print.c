#include "steps.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output.h"
#include "source_lines.h"
#include "shadow.h"
#include "thread.h"
#include "symbols.h"

typedef struct Event {
    int thread;
    char name[32];  // of the thread
    char what[48];
    int object;  // its number, or -1
    Place place;
    bool has_value;
    uint64_t value;
    int size;  // of the value, in bytes
    int back;
} Event;

enum { MAX_EVENTS = 20000, MAX_OBJECTS = 1000, LINE = 256, WIDTH = 80 };

static bool on;
static Event *events;
static int event_count;
static const void *objects[MAX_OBJECTS];
static int object_count;

void steps_start(bool on_now)
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

void steps_add(const char *what, const void *object, const void *place)
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
void steps_wait(const char *what, const void *object, const void *place)
{
    bool thread = (const char *)object >= (const char *)threads &&
                  (const char *)object < (const char *)(threads + MAX_THREADS);
    char words[48];
    snprintf(words, sizeof words, "waits for %s", what);
    if (on)
        steps_add(words, thread ? NULL : object, place);
}

void steps_value(uint64_t value, int size, int back)
{
    if (!on || event_count == 0 || events[event_count - 1].thread != self->id)
        return;
    Event *event = &events[event_count - 1];
    event->has_value = true;
    event->value = value;
    event->size = size;
    event->back = back;
}

int steps_count(void)
{
    return event_count;
}

void steps_memory(const void *address, size_t size)
{
    uint64_t value = 0;
    if (!on || size > sizeof value)
        return;
    memcpy(&value, address, size);
    steps_value(value, (int)size, 0);
}

static void look_up_all(void)
{
    const void **all =
        malloc(((size_t)event_count * PLACE_DEPTH + 1) * sizeof *all);
    size_t count = 0;
    for (int i = 0; all != NULL && i < event_count; i++)
        for (int j = 0; j < PLACE_DEPTH; j++)
            all[count++] = events[i].place.calls[j];
    source_lines_look_up(all, count);
    free(all);
}

// A part of a line.
static void add(char *line, const char *format, ...)
{
    size_t length = strlen(line);
    va_list args;
    va_start(args, format);
    vsnprintf(line + length, LINE - length, format, args);
    va_end(args);
}

// "A" to "Z", "AA", "AB", ...
static void add_letters(char *line, int number)
{
    if (number >= 26)
        add_letters(line, number / 26 - 1);
    add(line, "%c", 'A' + number % 26);
}

// Its name, or letters for what has none.
static void add_object(char *line, int number)
{
    size_t offset = 0;
    const char *name = symbol_at(objects[number], &offset);
    add(line, " ");
    if (name != NULL)
        add(line, offset == 0 ? "%s" : "%s+%zu", name, offset);
    else
        add_letters(line, number);
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

// We do not know its type: what could be a small negative number is taken for
// one.
static void add_value(char *line, const Event *event)
{
    int unused = 64 - 8 * event->size;
    long long number = (long long)(event->value << unused) >> unused;
    if (number < 0 && number > -1000000)
        add(line, ": %lld", number);
    else
        add(line, ": %llu", (unsigned long long)event->value);
    if (event->back > 0)
        add(line, ", an older value");
}

static void add_what(char *line, const Event *event)
{
    add(line, "%s", event->what);
    if (event->object >= 0)
        add_object(line, event->object);
    if (event->has_value)
        add_value(line, event);
}

static void print_event(int step, const Event *event)
{
    char what[LINE] = "";
    add_what(what, event);
    fprintf(report, "%5d  %-12s %-18s %-22s %s\n", step, event->name,
            place_own(&event->place), is_direct(event) ? "" : place_at(event),
            what);
}

static int longest_name, longest_place;

static void grow(int *longest, const char *text)
{
    if (*longest < (int)strlen(text))
        *longest = (int)strlen(text);
}

static void measure_columns(void)
{
    for (int i = 0; i < event_count; i++) {
        const char *own = place_own(&events[i].place);
        if (own[0] != '\0')
            grow(&longest_name, events[i].name);
        grow(&longest_place, own);
    }
}

// What is written in the program stands beside what that did there; of a call
// to the library it stands for it.
static void print_own_event(int step, const Event *event)
{
    char line[LINE] = "", what[LINE] = "", source[LINE];
    place_source(&event->place, source, sizeof source);
    add(line, "%5d  %-*s  %-*s  ", step, longest_name, event->name,
        longest_place, place_own(&event->place));
    if (is_direct(event)) {
        add_what(what, event);
        add(line, "%-22s %s", what, source);
    } else {
        add(line, "%s", source[0] == '\0' ? "calls the library" : source);
    }
    int length = (int)strnlen(line, WIDTH);
    while (length > 0 && line[length - 1] == ' ')
        length--;
    fprintf(report, "%.*s\n", length, line);
}

// A step of the program's own that another thread could notice, or the first
// one in a call to the library.
static bool is_own(const Event *event, const Event *last)
{
    const char *own = place_own(&event->place);
    if (own[0] == '\0')
        return false;
    if (is_direct(event))
        return event->object < 0 || shadow_is_contended(objects[event->object]);
    return last == NULL || last->thread != event->thread ||
           strcmp(own, place_own(&last->place)) != 0;
}

void steps_print(bool only_own)
{
    const Event *last = NULL;
    look_up_all();
    if (only_own)
        measure_columns();
    for (int i = 0; i < event_count; i++) {
        const Event *event = &events[i];
        if (only_own && !is_own(event, last))
            continue;
        (only_own ? print_own_event : print_event)(i + 1, event);
        last = event;
    }
    if (event_count == MAX_EVENTS)
        fprintf(report, "... and so on.\n");
}
