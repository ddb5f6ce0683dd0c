// The list of events in memory: an array that grows, written to the file at the
// end of the run. The caller has the recorder's lock (record_enter). Texts are
// copied when an event is told: the program may change or free them right after
// that. Invariant: number n is events[n - 1], and never changes.

#include "record_events.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST = 4000 };  // bytes of a text that are kept; then "..."

static Event *events;
static size_t count, room;

static void *checked(void *memory)
{
    if (memory == NULL) {
        fputs(
            "trace: out of memory for the events of this run: let it do less\n",
            stderr);
        abort();
    }
    return memory;
}

// Bytes of the UTF-8 character that begins here (RFC 3629), or 0 if none does.
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
    // Forms that are too long, surrogates, and code points past U+10FFFF.
    if ((at[0] == 0xE0 && at[1] < 0xA0) || (at[0] == 0xED && at[1] > 0x9F) ||
        (at[0] == 0xF0 && at[1] < 0x90) || (at[0] == 0xF4 && at[1] > 0x8F))
        return 0;
    return size;
}

// A control character, C1 included, or a byte that is not UTF-8 becomes \xHH:
// four bytes for each byte of the text at most.
const char *record_text(const void *text, size_t size)
{
    const unsigned char *at = text;
    if (size == 0)
        return "";
    size_t left = size < LONGEST ? size : LONGEST;
    char *copy = checked(malloc(4 * left + sizeof "...")), *end = copy;
    const char *dots = left < size ? "..." : "";
    while (left > 0) {
        size_t plain = character_at(at, left);
        if (plain == 1 ? *at < ' ' || *at == 0x7F || *at == '\\'
                       : plain == 2 && *at == 0xC2 && at[1] < 0xA0)
            plain = 0;
        size_t taken = plain > 0 ? plain : 1;
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

// The array doubles, so adding an event costs constant time on average.
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

// From the newest on: a thread's last event is near the end, as a rule.
Event *record_last_of(unsigned lane)
{
    for (size_t i = count; i > 0; i--)
        if (events[i - 1].lane == lane)
            return &events[i - 1];
    return NULL;
}

// Texts are const for all users, and owned here. "" is never allocated.
static void free_text(const char *text)
{
    if (text[0] != '\0')
        free((char *)(uintptr_t)text);
}

// The array itself is kept: explore records many runs.
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

// Places that were kept in the order and not used (EVENT_KINDS) are left out,
// so the numbers in the file are counted again. Times count from the first
// event.
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
        const Event *e = &events[i];
        const char *slash = strrchr(e->place, '/');
        fprintf(file, "%lu\t%lld\t%u\t%s\t%lu\t%s\t%s\t%s\t%s\n", number,
                e->ns - start, e->lane, event_words[e->kind], e->link,
                slash ? slash + 1 : e->place, e->object, e->text, e->more);
    }
    // The last line shows that the program was not killed on the way.
    fputs(record_steps() ? "# steps\n# end\n" : "# end\n", file);
    bool written = !ferror(file);
    return fclose(file) == 0 && written;
}
