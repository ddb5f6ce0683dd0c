#include "chrome.h"

#include <stdlib.h>
#include <string.h>

#include "json.h"

// A lane is a slice from its first event to its last one. Inside it lie the
// waits, and a short slice for each event that an arrow may begin or end at:
// Perfetto draws an arrow between slices only.
//
// Slices of a lane must lie inside or beside each other. So every event has a
// later time than the one before it in the file, by two nanoseconds at least,
// and a short slice ends halfway to its lane's next event.
enum { STEP = 2, SHORT = 1000 };

// More would be many megabytes, which Perfetto takes long to read.
enum { MOST_EVENTS = 100000 };

typedef struct Chrome {
    FILE *file;
    const Run *run;
    size_t count;         // how many of its events are written, the first ones
    long long *at;        // the time of each event
    long long *lane_end;  // when a lane's next event begins, or the run ends
    long long *until;     // for each event: that of its lane's next one
    const char *comma;    // before the next record
} Chrome;

// What no damage makes too large to count on from.
static long long sound_time(long long ns)
{
    const long long most = 1000000000000000000;
    return ns < 0 ? 0 : ns > most ? most : ns;
}

static void find_times(Chrome *c)
{
    const Run *run = c->run;
    long long now = -STEP;
    for (size_t i = 0; i < c->count; i++) {
        long long ns = sound_time(run->events[i].ns);
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

// In microseconds; not by printf, which asks the locale for the point.
static void write_time(Chrome *c, const char *name, long long ns)
{
    fprintf(c->file, ",\"%s\":%lld.%03lld", name, ns / 1000, ns % 1000);
}

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

static void write_lane(Chrome *c, unsigned lane)
{
    begin_record(c, "M", lane);
    fprintf(c->file, ",\"name\":\"thread_name\",\"args\":{");
    write_member(c, "", "name", c->run->lanes[lane - 1].name);
    fprintf(c->file, "}}");
    begin_record(c, "M", lane);
    fprintf(c->file,
            ",\"name\":\"thread_sort_index\",\"args\":{\"sort_index\":%u}}",
            lane);
}

static long long short_time(const Chrome *c, size_t i)
{
    long long half = (c->until[i] - c->at[i]) / 2;
    return half < SHORT ? half : SHORT;
}

// The slice that all others of the lane lie in.
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
        write_lane(c, n + 1);
        if (first[n] != NO_EVENT)
            write_life(c, n + 1, first[n], last[n]);
    }
    free(first);
    free(last);
}

// As much as is known, for whoever clicks on it.
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

// One end of an arrow, which the second half has given its number.
static void write_arrow(Chrome *c, size_t i, size_t second, bool begins)
{
    begin_record(c, begins ? "s" : "f", c->run->events[i].lane);
    fprintf(c->file, ",\"cat\":\"arrow\",\"name\":\"arrow\",\"id\":%zu%s",
            second + 1, begins ? "" : ",\"bp\":\"e\"");
    write_time(c, "ts", c->at[i]);
    fprintf(c->file, "}");
}

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

static bool is_instant(EventKind kind)
{
    return kind == EVENT_REFUSED || kind == EVENT_CLOSE ||
           kind == EVENT_CANCEL || kind == EVENT_DIED;
}

static void write_event(Chrome *c, size_t i)
{
    const Event *e = &c->run->events[i];
    if (e->kind == EVENT_WAKE && e->text[0] == '\0')
        return;  // it is the end of a wait
    bool instant = is_instant(e->kind);
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

static void write_left_out(Chrome *c)
{
    begin_record(c, "M", 1);
    fprintf(c->file,
            ",\"name\":\"process_labels\",\"args\":{\"labels\":"
            "\"the first %zu of %zu events\"}}",
            c->count, c->run->count);
}

bool chrome_write(const Run *run, const char *path)
{
    FILE *file = json_open(path);
    if (file == NULL)
        return false;
    Chrome c = { .file = file, .run = run, .comma = "" };
    c.count = run->count < MOST_EVENTS ? run->count : MOST_EVENTS;
    c.at = need_memory(NULL, c.count, sizeof *c.at);
    c.until = need_memory(NULL, c.count, sizeof *c.until);
    c.lane_end = need_memory(NULL, run->lane_count, sizeof *c.lane_end);
    find_times(&c);
    fprintf(file, "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[");
    if (c.count < run->count)
        write_left_out(&c);
    write_lives(&c);
    for (size_t i = 0; i < c.count; i++)
        write_event(&c, i);
    fprintf(file, "\n]}\n");
    free(c.at);
    free(c.until);
    free(c.lane_end);
    return json_close(file, path);
}
