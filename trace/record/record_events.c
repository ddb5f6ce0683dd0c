#include "record_events.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST = 4000 };  // bytes of a text that are kept

static Event *events;
static size_t count, room;

static void *checked(void *memory)
{
    if (memory == NULL) {
        fputs("trace: out of memory\n", stderr);
        abort();
    }
    return memory;
}

// How many bytes the UTF-8 character has that is here, or 0 if none is.
static size_t character_at(const unsigned char *at, size_t left)
{
    size_t size = at[0] < 0x80   ? 1
                  : at[0] < 0xC2 ? 0
                  : at[0] < 0xE0 ? 2
                  : at[0] < 0xF0 ? 3
                  : at[0] < 0xF5 ? 4
                                 : 0;
    if (size > left)
        return 0;
    for (size_t i = 1; i < size; i++)
        if ((at[i] & 0xC0) != 0x80)
            return 0;
    // What could be written shorter, surrogates, and what is too large.
    if ((at[0] == 0xE0 && at[1] < 0xA0) || (at[0] == 0xED && at[1] > 0x9F) ||
        (at[0] == 0xF0 && at[1] < 0x90) || (at[0] == 0xF4 && at[1] > 0x8F))
        return 0;
    return size;
}

// How many bytes from here on go into the file as they are.
static size_t plain_at(const unsigned char *at, size_t left)
{
    size_t size = character_at(at, left);
    bool control = size == 1 ? *at < ' ' || *at == 0x7F || *at == '\\'
                             : size == 2 && *at == 0xC2 && at[1] < 0xA0;
    return control ? 0 : size;
}

const char *record_text(const void *text, size_t size)
{
    const unsigned char *at = text;
    if (size == 0)
        return "";
    size_t left = size < LONGEST ? size : LONGEST;
    char *copy = checked(malloc(4 * left + sizeof "...")), *end = copy;
    const char *dots = left < size ? "..." : "";
    while (left > 0) {
        size_t plain = plain_at(at, left), taken = plain > 0 ? plain : 1;
        if (plain > 0)
            memcpy(end, at, plain);
        else
            sprintf(end, "\\x%02X", *at);
        end += plain > 0 ? plain : 4;
        at += taken;
        left -= taken;
    }
    memcpy(end, dots, strlen(dots) + 1);
    return copy;
}

const char *record_copy(const char *kept)
{
    if (kept[0] == '\0')
        return "";
    size_t size = strlen(kept) + 1;
    return memcpy(checked(malloc(size)), kept, size);
}

Event *record_event(unsigned lane, EventKind kind)
{
    if (count == room) {
        room = room > 0 ? 2 * room : 256;
        events = checked(realloc(events, room * sizeof *events));
    }
    Event *event = &events[count++];
    *event = (Event){ .number = count,
                      .ns = record_now(),
                      .lane = lane,
                      .kind = kind,
                      .place = "",
                      .object = "",
                      .text = "",
                      .more = "" };
    return event;
}

Event *record_event_at(unsigned long number)
{
    return &events[number - 1];
}

Event *record_last_of(unsigned lane)
{
    for (size_t i = count; i > 0; i--)
        if (events[i - 1].lane == lane)
            return &events[i - 1];
    return NULL;
}

static void free_text(const char *text)
{
    if (text[0] != '\0')
        free((char *)(uintptr_t)text);
}

void record_forget(void)
{
    for (size_t i = 0; i < count; i++) {
        free_text(events[i].object);
        free_text(events[i].text);
        free_text(events[i].more);
    }
    count = 0;
}

// Writing.

static const char *base_name(const char *place)
{
    const char *slash = strrchr(place, '/');
    return slash ? slash + 1 : place;
}

static void write_event(FILE *file, const Event *event, unsigned long number,
                        long long start)
{
    fprintf(file, "%lu\t%lld\t%u\t%s\t%lu\t%s\t%s\t%s\t%s\n", number,
            event->ns - start, event->lane, event_words[event->kind],
            event->link, base_name(event->place), event->object, event->text,
            event->more);
}

bool record_write(const char *name)
{
    FILE *file = fopen(name, "w");
    if (file == NULL)
        return false;
    unsigned long number = 0;
    long long start = 0;
    for (size_t i = 0; i < count; i++) {
        if (events[i].kind == EVENT_KINDS)
            continue;
        if (number++ == 0)
            start = events[i].ns;
        write_event(file, &events[i], number, start);
    }
    fputs(record_steps() ? "# steps\n# end\n" : "# end\n", file);
    bool written = !ferror(file);
    return fclose(file) == 0 && written;
}
