// Reconstructs one total order of a run out of its partial order,
// happens-before: a topological sort (A. B. Kahn, 1962). Of several events that
// are possible, the one of the lowest lane comes first. Invariant: an event is
// held until each event that must precede it is taken.

#include "order.h"

#include <stdlib.h>
#include <string.h>

// Two runs in which the same messages went the same way have the same partial
// order, and so the same picture, although their files differ. The sort always
// ends: the file has the events in one such order already, so the first event
// that is left is never held.

// A call to a map, as it is sorted: by the map's name, then by position.
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

// From the last event to the first: a lane's next event is known then.
void chain_lanes(const Run *run, size_t *first, size_t *next)
{
    for (unsigned n = 0; n < run->lane_count; n++)
        first[n] = NO_EVENT;
    for (size_t i = run->count; i-- > 0;) {
        size_t *at = &first[run->events[i].lane - 1];
        next[i] = *at;
        *at = i;
    }
}

typedef struct Sorter {
    const Run *run;
    size_t *next_in_lane;  // for each event
    size_t *next_in_map;
    size_t *at;    // for each lane its next event
    bool *held;    // for each event: another lane has to go on first
    unsigned low;  // no lane below this one can go on
} Sorter;

// A lane that is let go may be lower than the one that goes on.
static void let_go(Sorter *s, size_t event)
{
    if (event == NO_EVENT)
        return;
    s->held[event] = false;
    unsigned lane = s->run->events[event].lane;
    if (lane < s->low)
        s->low = lane;
}

// Takes the lane's next event, and lets go of the events that it held: its
// second halves, and the next call to the same map.
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

// An event after which its lane, or the program, does not go on: those are only
// taken with `with_last`, when no lane has any other.
static bool can_go_on(const Sorter *s, unsigned lane, bool with_last)
{
    const Run *run = s->run;
    size_t i = s->at[lane - 1];
    if (i == NO_EVENT || s->held[i])
        return false;
    EventKind kind = run->events[i].kind;
    return with_last || (kind != EVENT_DIED &&
                         (kind != EVENT_WAIT || run->partner[i] != NO_EVENT));
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
    chain_lanes(run, s.at, s.next_in_lane);
    // One flag an event is enough, and no count of predecessors: an event has
    // at most one predecessor in other lanes. A call to a map is held by the
    // call before it, a second half by its first half, and no event is both.
    for (size_t i = 0; i < run->count; i++)
        s.held[i] =
            is_second_half(run->events[i].kind) && run->partner[i] != NO_EVENT;
    for (size_t i = 0; i < run->count; i++)
        if (s.next_in_map[i] != NO_EVENT)
            s.held[s.next_in_map[i]] = true;
    for (size_t n = 0; n < run->count; n++)
        order[n] = take_next(&s);
    free(s.next_in_lane);
    free(s.next_in_map);
    free(s.at);
    free(s.held);
    return order;
}
