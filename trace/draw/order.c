#include "order.h"

#include <stdlib.h>
#include <string.h>

typedef struct Call {
    const char *map;
    size_t place;
} Call;

static int compare_calls(const void *a, const void *b)
{
    const Call *x = a, *y = b;
    int order = strcmp(x->map, y->map);
    return order ? order : (x->place > y->place) - (x->place < y->place);
}

size_t *next_map_calls(const Run *run)
{
    size_t *next = need_memory(NULL, run->count, sizeof *next);
    Call *calls = need_memory(NULL, run->count, sizeof *calls);
    size_t count = 0;
    for (size_t i = 0; i < run->count; i++) {
        next[i] = NO_EVENT;
        if (run->events[i].kind == EVENT_MAP)
            calls[count++] = (Call){ run->events[i].object, i };
    }
    qsort(calls, count, sizeof *calls, compare_calls);
    for (size_t i = 1; i < count; i++)
        if (strcmp(calls[i].map, calls[i - 1].map) == 0)
            next[calls[i - 1].place] = calls[i].place;
    free(calls);
    return next;
}

typedef struct Sorter {
    const Run *run;
    size_t *next_in_lane;  // for each event
    size_t *next_in_map;
    size_t *at;    // for each lane its next event
    bool *held;    // events that one of another lane must precede, if not yet
    unsigned low;  // no lane below this one can go on
} Sorter;

static void chain_lanes(Sorter *s)
{
    const Run *run = s->run;
    for (unsigned n = 0; n < run->lane_count; n++)
        s->at[n] = NO_EVENT;
    for (size_t i = run->count; i-- > 0;) {
        size_t *at = &s->at[run->events[i].lane - 1];
        s->next_in_lane[i] = *at;
        *at = i;
    }
}

// Of two things that must precede an event, as of a join, one has always
// preceded the other, but for maps: those are only held by the map.
static void hold(Sorter *s)
{
    const Run *run = s->run;
    for (size_t i = 0; i < run->count; i++)
        s->held[i] =
            is_second_half(run->events[i].kind) && run->partner[i] != NO_EVENT;
    for (size_t i = 0; i < run->count; i++)
        if (s->next_in_map[i] != NO_EVENT)
            s->held[s->next_in_map[i]] = true;
}

static void let_go(Sorter *s, size_t event)
{
    if (event == NO_EVENT)
        return;
    s->held[event] = false;
    unsigned lane = s->run->events[event].lane;
    if (lane < s->low)
        s->low = lane;
}

// The program ends here, or this lane does.
static bool is_last(const Run *run, size_t i)
{
    EventKind kind = run->events[i].kind;
    return kind == EVENT_DIED ||
           (kind == EVENT_WAIT && run->partner[i] == NO_EVENT);
}

static size_t take(Sorter *s, unsigned lane)
{
    const Run *run = s->run;
    size_t i = s->at[lane - 1];
    s->at[lane - 1] = s->next_in_lane[i];
    s->low = lane;
    if (!is_second_half(run->events[i].kind))
        for (size_t j = run->partner[i]; j != NO_EVENT; j = run->next[j])
            let_go(s, j);
    let_go(s, s->next_in_map[i]);
    return i;
}

static bool can_go_on(const Sorter *s, unsigned lane, bool with_last)
{
    size_t i = s->at[lane - 1];
    return i != NO_EVENT && !s->held[i] && (with_last || !is_last(s->run, i));
}

static size_t take_next(Sorter *s)
{
    unsigned lanes = s->run->lane_count;
    for (; s->low <= lanes; s->low++)
        if (can_go_on(s, s->low, false))
            return take(s, s->low);
    for (unsigned lane = 1; lane <= lanes; lane++)
        if (can_go_on(s, lane, true))
            return take(s, lane);
    return NO_EVENT;  // not reached: the first one left is never held
}

size_t *order_of(const Run *run)
{
    Sorter s = { .run = run, .low = 1 };
    size_t *order = need_memory(NULL, run->count, sizeof *order);
    s.next_in_lane = need_memory(NULL, run->count, sizeof *s.next_in_lane);
    s.next_in_map = next_map_calls(run);
    s.at = need_memory(NULL, run->lane_count, sizeof *s.at);
    s.held = need_memory(NULL, run->count, sizeof *s.held);
    chain_lanes(&s);
    hold(&s);
    for (size_t n = 0; n < run->count; n++)
        order[n] = take_next(&s);
    free(s.next_in_lane);
    free(s.next_in_map);
    free(s.at);
    free(s.held);
    return order;
}
