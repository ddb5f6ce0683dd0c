// The run as a Mermaid sequence diagram: participants and arrows between them,
// as text that GitHub draws inside a README. The order is that of order.c.

#include "mermaid.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "order.h"
#include "words.h"

// An arrow of a sequence diagram is an instant. So a message is drawn where it
// is sent, and a thread's end where another thread joins it. Drawn at the
// receive, a worker would seem to end before its message. Closes and waits are
// left out, except for a wait that never ended.

// Mermaid draws at most that many characters. We count bytes, which are never
// fewer, and keep LAST_WORDS of them for the note about what is left out.
enum { MOST_CHARACTERS = 50000, LAST_WORDS = 200 };

// For the participants: however many there are, arrows get the rest.
enum { MOST_FOR_PARTICIPANTS = 20000 };

enum { LABEL = 60, LINE = 6 * WORDS };  // columns of a text, bytes

typedef struct Diagram {
    const Run *run;
    Maps maps;
    size_t maps_in;     // of these take part
    unsigned lanes_in;  // those from 1 to this one take part
    size_t left_out;
    size_t size;
    char text[MOST_CHARACTERS + 1];
} Diagram;

// Adds the line if the text stays within `most` bytes. Nothing is added in
// part.
static bool add_line(Diagram *d, size_t most, const char *line)
{
    size_t length = strlen(line);
    if (d->size + length + 1 > most)
        return false;
    memcpy(d->text + d->size, line, length);
    d->size += length;
    d->text[d->size++] = '\n';
    return true;
}

// Mermaid's own signs are written by their numbers, as in "#59;" for ";". The
// colon only matters behind "wrap" and "nowrap", which set how a text is
// broken; two dollars would make a formula, and %%{ a setting.
static const char *escape(const char *text, char escaped[LINE])
{
    size_t n = 0;
    for (size_t i = 0; text[i]; i++) {
        bool sign = strchr(";#<>\"&%$\\", text[i]) != NULL;
        if (text[i] == ':')
            sign = (i == 4 && strncmp(text, "wrap", 4) == 0) ||
                   (i == 6 && strncmp(text, "nowrap", 6) == 0);
        if (sign)
            n += (size_t)sprintf(escaped + n, "#%d;", text[i]);
        else
            escaped[n++] = text[i];
    }
    escaped[n] = '\0';
    return escaped;
}

static const char *label_of(const Diagram *d, size_t event, char escaped[LINE])
{
    char words[WORDS];
    return escape(words_of(d->run, event, LABEL, "…", words), escaped);
}

// The participants: T1, T2, ... are lanes, and M1, M2, ... are maps.

static bool add_participant(Diagram *d, const char *letter, size_t number,
                            const char *name)
{
    char line[LINE + 64], words[WORDS], escaped[LINE];
    size_t cut = text_cut(name, LABEL);
    snprintf(words, sizeof words, "%.*s%s", (int)cut, name,
             name[cut] ? "…" : "");
    snprintf(line, sizeof line, "    participant %s%zu as %s", letter, number,
             escape(words, escaped));
    return add_line(d, MOST_FOR_PARTICIPANTS, line);
}

// The arrows and notes. A line without room is counted as left out, and so is a
// line of a lane or map that is no participant.

static void add_arrow(Diagram *d, size_t event, unsigned from,
                      const char *arrow, unsigned to)
{
    char line[LINE + 64], label[LINE];
    snprintf(line, sizeof line, "    T%u%sT%u: %s", from, arrow, to,
             label_of(d, event, label));
    if (from > d->lanes_in || to > d->lanes_in ||
        !add_line(d, MOST_CHARACTERS - LAST_WORDS, line))
        d->left_out++;
}

// An arrow to the map for a change, and a dashed one from the map for a look.
static void add_map_call(Diagram *d, size_t event)
{
    const Event *e = &d->run->events[event];
    size_t map = map_place(d->maps, e->object);
    char line[LINE + 64], label[LINE];
    if (is_question(e))
        snprintf(line, sizeof line, "    M%zu-->>T%u: %s", map + 1, e->lane,
                 label_of(d, event, label));
    else
        snprintf(line, sizeof line, "    T%u->>M%zu: %s", e->lane, map + 1,
                 label_of(d, event, label));
    if (e->lane > d->lanes_in || map >= d->maps_in ||
        !add_line(d, MOST_CHARACTERS - LAST_WORDS, line))
        d->left_out++;
}

static void add_note(Diagram *d, size_t event, const char *after)
{
    unsigned lane = d->run->events[event].lane;
    char line[LINE + 64], label[LINE];
    snprintf(line, sizeof line, "    Note over T%u: %s%s", lane,
             label_of(d, event, label), after);
    if (lane > d->lanes_in || !add_line(d, MOST_CHARACTERS - LAST_WORDS, line))
        d->left_out++;
}

// A message, or a task's value. "-x" ends in a cross: the message was lost, and
// the arrow leads to the lane that it was meant for, or back to its own lane.
static void add_post(Diagram *d, size_t event, const char *arrow,
                     const char *lost)
{
    const Run *run = d->run;
    unsigned lane = run->events[event].lane, to = 0;
    size_t other = run->partner[event];
    if (other != NO_EVENT)
        to = run->events[other].lane;
    else if (run->events[event].kind == EVENT_POST)
        to = addressee_of(run, event);
    else
        to = run->lanes[lane - 1].parent;  // a task's value
    add_arrow(d, event, lane, other != NO_EVENT ? arrow : lost, to ? to : lane);
}

// One arrow for each thread that it has woken; none if no thread was waiting.
static void add_notify(Diagram *d, size_t event)
{
    const Run *run = d->run;
    for (size_t i = run->partner[event]; i != NO_EVENT; i = run->next[i])
        add_arrow(d, event, run->events[event].lane, "->>",
                  run->events[i].lane);
}

static void add_event(Diagram *d, size_t event)
{
    const Event *e = &d->run->events[event];
    unsigned other = (unsigned)e->link;
    switch (e->kind) {
    case EVENT_START:
        add_arrow(d, event, e->lane, "-)", other ? other : e->lane);
        break;
    case EVENT_JOIN:
        add_arrow(d, event, other ? other : e->lane, "--)", e->lane);
        break;
    case EVENT_CANCEL:
        add_arrow(d, event, e->lane, "-x", other ? other : e->lane);
        break;
    case EVENT_POST:
        add_post(d, event, "->>", "-x");
        break;
    case EVENT_SETTLE:
        add_post(d, event, "-->>", "--x");
        break;
    case EVENT_NOTIFY:
        add_notify(d, event);
        break;
    case EVENT_MAP:
        add_map_call(d, event);
        break;
    case EVENT_REFUSED:
    case EVENT_DIED:
        add_note(d, event, "");
        break;
    case EVENT_WAIT:
        if (d->run->partner[event] == NO_EVENT)
            add_note(d, event, d->run->died ? "" : ", forever");
        break;
    default:  // the second half of a pair, or not shown here
        break;
    }
}

static void add_what_is_left_out(Diagram *d)
{
    char line[LAST_WORDS];
    unsigned lanes = d->run->lane_count - d->lanes_in;
    size_t maps = d->maps.count - d->maps_in;
    if (d->left_out == 0 && lanes == 0 && maps == 0)
        return;
    snprintf(line, sizeof line,
             "    Note over T1: Left out, since Mermaid draws at most %d "
             "characters: "
             "%zu arrows and "
             "notes, %u threads, %zu maps",
             MOST_CHARACTERS, d->left_out, lanes, maps);
    add_line(d, MOST_CHARACTERS, line);
}

bool mermaid_write(const Run *run, const char *path)
{
    size_t *order = order_of(run);
    Diagram *d = need_memory(NULL, 1, sizeof *d);
    *d = (Diagram){ .run = run, .maps = maps_of(run, order) };
    add_line(d, MOST_CHARACTERS, "sequenceDiagram");
    while (
        d->lanes_in < run->lane_count &&
        add_participant(d, "T", d->lanes_in + 1, run->lanes[d->lanes_in].name))
        d->lanes_in++;
    while (d->maps_in < d->maps.count &&
           add_participant(d, "M", d->maps_in + 1, d->maps.names[d->maps_in]))
        d->maps_in++;
    for (size_t n = 0; n < run->count; n++)
        add_event(d, order[n]);
    add_what_is_left_out(d);
    FILE *file = drawing_open(path);
    if (file)
        fwrite(d->text, 1, d->size, file);
    bool written = file && drawing_close(file, path);
    free(d->maps.names);
    free(d);
    free(order);
    return written;
}
