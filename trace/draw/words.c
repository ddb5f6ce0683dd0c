// The words of a drawing: what stands on an event's arrow, and the lane that a
// post was meant for. Both drawings, in the terminal and for Mermaid, take them
// from here, so that they say the same. A text of the program is cut to a
// number of columns, always between two characters of UTF-8.

#include "words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// A column is counted as one character here, wide or not: both users only need
// a bound. The cut lies one column early, to leave room for the mark.
size_t text_cut(const char *text, size_t columns)
{
    size_t seen = 0, cut = 0;
    for (size_t i = 0; text[i]; i++) {
        if (((unsigned char)text[i] & 0xc0) == 0x80)
            continue;  // not the first byte of a character
        if (seen + 1 == columns)
            cut = i;
        if (seen++ == columns)
            return cut;
    }
    return strlen(text);
}

// The recorder writes the name of the call first: "get balance".
bool is_question(const Event *map_call)
{
    static const char *const questions[] = { "get", "has", "size", "all" };
    size_t length = strcspn(map_call->text, " ");
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
        if (strlen(questions[i]) == length &&
            strncmp(map_call->text, questions[i], length) == 0)
            return true;
    return false;
}

// An event's words are: before, text, between, more, after. The event fills in
// `text` and `more`, which may be cut; the other three are ours.
typedef struct Frame {
    const char *before, *text, *between, *more, *after;
} Frame;

static Frame frame_of(const Run *run, const Event *e)
{
    const char *lane = e->link > 0 && e->link <= run->lane_count
                           ? run->lanes[e->link - 1].name
                           : "";
    bool has_text = e->text[0], has_more = e->more[0];
    switch (e->kind) {
    case EVENT_START:
        return (Frame){ "start", "", has_more ? " (with " : "", e->more,
                        has_more ? ")" : "" };
    case EVENT_POST:
        return (Frame){ "", has_text ? e->text : "\"\"",
                        has_more ? " (with " : "", e->more,
                        has_more ? ")" : "" };
    case EVENT_MAP:
        return (Frame){ "", e->text, has_more ? ": " : "", e->more, "" };
    case EVENT_SETTLE:
        return (Frame){ "", has_text ? e->text : "nothing", "", "", "" };
    case EVENT_JOIN:
        return (Frame){ has_text ? "end: " : "end", e->text, "", "", "" };
    case EVENT_NOTIFY:
        return (Frame){ "notify ", e->object, "", "", "" };
    case EVENT_REFUSED:
        return (Frame){ "refused: ", e->text, "", "", "" };
    case EVENT_CLOSE:
        return (Frame){ "close ", e->object, "", "", "" };
    case EVENT_CANCEL:
        return (Frame){ "cancel ", lane, "", "", "" };
    case EVENT_DIED:
        return (Frame){ "dies: ", e->text, "", "", "" };
    case EVENT_WAIT:
        return (Frame){ "waits ", e->text, "", "", "" };
    default:
        return (Frame){ "", e->text, "", "", "" };
    }
}

const char *words_of(const Run *run, size_t event, size_t columns,
                     const char *mark, char words[WORDS])
{
    Frame f = frame_of(run, &run->events[event]);
    // 200 columns are at most 800 bytes: one text always fits into WORDS. If
    // the second one, `more`, does not fit behind it, it is left out.
    if (columns > 200)
        columns = 200;
    size_t text = text_cut(f.text, columns), more = text_cut(f.more, columns);
    size_t n = (size_t)snprintf(words, WORDS, "%s%.*s%s%s", f.before, (int)text,
                                f.text, f.text[text] ? mark : "", f.between);
    if (n + more + 8 < WORDS)
        snprintf(words + n, WORDS - n, "%.*s%s%s", (int)more, f.more,
                 f.more[more] ? mark : "", f.after);
    return words;
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);
    return length >= tail && strcmp(text + length - tail, end) == 0;
}

// A guess from the names that the recorder gives to ports: "parent_port" leads
// to the parent, "NAME->port" to the worker NAME, and any other "...->port" to
// the only worker, if there is just one.
static unsigned addressee_by_name(const Run *run, const Event *post)
{
    if (ends_with(post->object, "parent_port"))
        return run->lanes[post->lane - 1].parent;
    unsigned only = 0, children = 0;
    for (unsigned n = 1; n <= run->lane_count; n++) {
        const char *name = run->lanes[n - 1].name;
        if (run->lanes[n - 1].parent != post->lane)
            continue;
        if (strncmp(post->object, name, strlen(name)) == 0 &&
            strcmp(post->object + strlen(name), "->port") == 0)
            return n;
        only = n;
        children++;
    }
    return children == 1 && ends_with(post->object, "->port") ? only : 0;
}

unsigned addressee_of(const Run *run, size_t post)
{
    const Event *e = &run->events[post];
    // Another message through the same port shows the lane at its other end.
    for (size_t i = 0; i < run->count; i++) {
        const Event *o = &run->events[i];
        if ((o->kind == EVENT_POST || o->kind == EVENT_RECEIVE) &&
            o->lane == e->lane && run->partner[i] != NO_EVENT &&
            strcmp(o->object, e->object) == 0)
            return run->events[run->partner[i]].lane;
    }
    return addressee_by_name(run, e);
}

// A linear search: a program has a few maps.
size_t map_place(Maps maps, const char *name)
{
    size_t place = 0;
    while (place < maps.count && strcmp(maps.names[place], name) != 0)
        place++;
    return place;
}

Maps maps_of(const Run *run, const size_t *order)
{
    Maps maps = { NULL, 0 };
    for (size_t n = 0; n < run->count; n++) {
        const Event *e = &run->events[order[n]];
        if (e->kind != EVENT_MAP || map_place(maps, e->object) < maps.count)
            continue;
        maps.names = need_memory(maps.names, maps.count + 1, sizeof(char *));
        maps.names[maps.count++] = e->object;
    }
    return maps;
}
