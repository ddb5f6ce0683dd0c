// The run in the Chrome trace event format (JSON), which Perfetto and
// chrome://tracing show: a thread for each lane, complete events ("X") as
// slices, instants ("i"), flow events ("s" and "f") as arrows, metadata ("M")
// for names. Invariant: slices of a lane lie inside or beside each other, never
// across.

#include "chrome.h"

#include <stdlib.h>
#include <string.h>

#include "json.h"

// A lane is a slice from its first event to its last one. Inside it lie the
// waits, and a short slice for each event that an arrow may begin or end at:
// Perfetto draws an arrow between slices only.
//
// So that no two slices cross, every event has a later time than the one before
// it in the file, by STEP nanoseconds at least. A short slice ends halfway to
// its lane's next event, after SHORT nanoseconds at the latest.
enum { STEP = 2, SHORT = 1000 };

// 31 years: every sum of times up to this one fits into a long long.
static const long long LATEST = 1000000000000000000;

// More would be many megabytes, which Perfetto takes long to read.
enum { MOST_EVENTS = 100000 };

typedef struct Chrome {
    FILE *file;
    const Run *run;
    size_t count;         // of its events, how many are written: the first ones
    long long *at;        // the time of each event
    long long *lane_end;  // when a lane's next event begins, or the run ends
    long long *until;     // for each event: that of its lane's next one
    const char *comma;    // before the next record
} Chrome;

// The recorder reads one monotonic clock under its lock, so times never go
// back. But they may repeat, and in a damaged file they may be anything.
static void find_times(Chrome *c)
{
    const Run *run = c->run;
    long long now = -STEP;
    for (size_t i = 0; i < c->count; i++) {
        long long ns = run->events[i].ns;
        ns = ns < 0 ? 0 : ns > LATEST ? LATEST : ns;
        now = ns > now + STEP ? ns : now + STEP;
        c->at[i] = now;
    }
    for (unsigned n = 0; n < run->lane_count; n++)
        c->lane_end[n] = now + STEP;
    // From the last event to the first: a lane's next one is known then.
    for (size_t i = c->count; i-- > 0;) {
        long long *next = &c->lane_end[run->events[i].lane - 1];
        c->until[i] = *next;
        *next = c->at[i];
    }
}

// The format wants microseconds. Not "%f": the locale decides about its point.
static void write_time(Chrome *c, const char *name, long long ns)
{
    fprintf(c->file, ",\"%s\":%lld.%03lld", name, ns / 1000, ns % 1000);
}

// Every record is an object of its own, with a comma before all but the first.
// The caller adds its members and the brace that closes it.
static void begin_record(Chrome *c, const char *phase, unsigned lane)
{
    fprintf(c->file, "%s\n{\"ph\":\"%s\",\"pid\":1,\"tid\":%u", c->comma, phase,
            lane);
    c->comma = ",";
}

static void write_member(Chrome *c, const char *before, const char *name,
                         const char *text)
{
    fprintf(c->file, "%s\"%s\":", before, name);
    json_text(c->file, text);
}

static long long short_time(const Chrome *c, size_t i)
{
    long long half = (c->until[i] - c->at[i]) / 2;
    return half < SHORT ? half : SHORT;
}

// The slice that all other slices of the lane lie in. A lane without an end
// lasts until the run ends.
static void write_life(Chrome *c, unsigned lane, size_t first, size_t last)
{
    long long end = c->until[last];
    if (c->run->events[last].kind == EVENT_END)
        end = c->at[last] + short_time(c, last);
    begin_record(c, "X", lane);
    write_member(c, ",", "name", c->run->lanes[lane - 1].name);
    write_time(c, "ts", c->at[first]);
    write_time(c, "dur", end - c->at[first]);
    fprintf(c->file, "}");
}

// A lane has a name but no slice if all its events are left out.
static void write_lives(Chrome *c)
{
    size_t count = c->run->lane_count;
    size_t *first = need_memory(NULL, count, sizeof *first);
    size_t *last = need_memory(NULL, count, sizeof *last);
    for (size_t n = 0; n < count; n++)
        first[n] = NO_EVENT;
    for (size_t i = 0; i < c->count; i++) {
        unsigned n = c->run->events[i].lane - 1;
        if (first[n] == NO_EVENT)
            first[n] = i;
        last[n] = i;
    }
    for (unsigned n = 0; n < count; n++) {
        begin_record(c, "M", n + 1);
        fprintf(c->file, ",\"name\":\"thread_name\",\"args\":{");
        write_member(c, "", "name", c->run->lanes[n].name);
        fprintf(c->file, "}}");
        // In our order, not in that of the names.
        begin_record(c, "M", n + 1);
        fprintf(c->file,
                ",\"name\":\"thread_sort_index\","
                "\"args\":{\"sort_index\":%u}}",
                n + 1);
        if (first[n] != NO_EVENT)
            write_life(c, n + 1, first[n], last[n]);
    }
    free(first);
    free(last);
}

// Perfetto shows these members of an event that is clicked on.
static void write_details(Chrome *c, const Event *e)
{
    fprintf(c->file, ",\"args\":{\"event\":%lu", e->number);
    if (e->place[0] != '\0')
        write_member(c, ",", "place", e->place);
    if (e->object[0] != '\0')
        write_member(c, ",", "of", e->object);
    if (e->text[0] != '\0')
        write_member(c, ",", "text", e->text);
    if (e->more[0] != '\0')
        write_member(c, ",", "with", e->more);
    fprintf(c->file, "}}");
}

// The category is the kind of the event, so that a search can select by it.
static void write_name(Chrome *c, const Event *e)
{
    fprintf(c->file, ",\"cat\":\"%s\"", event_words[e->kind]);
    const char *said = e->text[0] != '\0' ? e->text : e->object;
    size_t size = strlen(event_words[e->kind]) + strlen(said) + 2;
    char *name = need_memory(NULL, size, 1);
    snprintf(name, size, "%s%s%s", event_words[e->kind],
             said[0] != '\0' ? " " : "", said);
    write_member(c, ",", "name", name);
    free(name);
}

// One end of an arrow. Both ends have the number of the second half as their
// id: the first half may be the start of several arrows. "bp":"e" binds the end
// to the slice around it, and not to the next slice.
static void write_arrow(Chrome *c, size_t i, size_t second, bool begins)
{
    begin_record(c, begins ? "s" : "f", c->run->events[i].lane);
    fprintf(c->file, ",\"cat\":\"arrow\",\"name\":\"arrow\",\"id\":%zu%s",
            second + 1, begins ? "" : ",\"bp\":\"e\"");
    write_time(c, "ts", c->at[i]);
    fprintf(c->file, "}");
}

// A first half begins an arrow to each of its second halves that is written
// too.
static void write_arrows(Chrome *c, size_t i)
{
    const Run *run = c->run;
    if (is_second_half(run->events[i].kind)) {
        if (run->partner[i] < c->count)
            write_arrow(c, i, i, false);
        return;
    }
    for (size_t j = run->partner[i]; j != NO_EVENT; j = run->next[j])
        if (j < c->count)
            write_arrow(c, i, j, true);
}

// A wait lasts until its lane's next event, which is its wake. All other events
// are instants, or short slices that arrows can be drawn to.
static void write_event(Chrome *c, size_t i)
{
    const Event *e = &c->run->events[i];
    if (e->kind == EVENT_WAKE && e->text[0] == '\0')
        return;  // it is the end of a wait
    bool instant = e->kind == EVENT_REFUSED || e->kind == EVENT_CLOSE ||
                   e->kind == EVENT_CANCEL || e->kind == EVENT_DIED;
    begin_record(c, instant ? "i" : "X", e->lane);
    write_name(c, e);
    write_time(c, "ts", c->at[i]);
    if (instant)
        fprintf(c->file, ",\"s\":\"t\"");
    else if (e->kind == EVENT_WAIT)
        write_time(c, "dur", c->until[i] - c->at[i]);
    else
        write_time(c, "dur", short_time(c, i));
    write_details(c, e);
    if (e->kind != EVENT_WAIT && e->kind != EVENT_WAKE)
        write_arrows(c, i);
}

bool chrome_write(const Run *run, const char *path)
{
    FILE *file = drawing_open(path);
    if (file == NULL)
        return false;
    Chrome c = { .file = file, .run = run, .comma = "" };
    c.count = run->count < MOST_EVENTS ? run->count : MOST_EVENTS;
    c.at = need_memory(NULL, c.count, sizeof *c.at);
    c.until = need_memory(NULL, c.count, sizeof *c.until);
    c.lane_end = need_memory(NULL, run->lane_count, sizeof *c.lane_end);
    find_times(&c);
    fprintf(file, "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[");
    if (c.count < run->count) {
        begin_record(&c, "M", 1);
        fprintf(file,
                ",\"name\":\"process_labels\",\"args\":{\"labels\":"
                "\"the first %zu of %zu events\"}}",
                c.count, run->count);
    }
    write_lives(&c);
    for (size_t i = 0; i < c.count; i++)
        write_event(&c, i);
    fprintf(file, "\n]}\n");
    free(c.at);
    free(c.until);
    free(c.lane_end);
    return drawing_close(file, path);
}
