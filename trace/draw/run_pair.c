// Finds the other half of each event: the post of a receive, the wait of a
// wake. Both halves have one link, a number that no other pair has: a sort by
// kind, link and position brings them together. Invariant: a pair goes forward
// in the array of events, so following pairs always ends.

#include <stdlib.h>

#include "run_internal.h"

bool is_second_half(EventKind kind)
{
    return kind == EVENT_BEGIN || kind == EVENT_JOIN || kind == EVENT_RECEIVE ||
           kind == EVENT_AWAIT || kind == EVENT_NOTIFIED || kind == EVENT_WAKE;
}

// The sort key: both halves of a pair have the same kind and link.
typedef struct Key {
    EventKind kind;  // of the first half
    unsigned long link;
    size_t place;
} Key;

// Returns false for an event that is not paired by a link.
static bool key_of(const Event *e, size_t place, Key *key)
{
    EventKind kind = e->kind;
    switch (kind) {
    case EVENT_RECEIVE:
    case EVENT_AWAIT:
    case EVENT_NOTIFIED:
    case EVENT_WAKE:
        kind--;  // the enum lists each first half just before its second
        break;
    case EVENT_POST:
    case EVENT_SETTLE:
    case EVENT_NOTIFY:
    case EVENT_WAIT:
        break;
    default:
        return false;
    }
    *key = (Key){ kind, e->link, place };
    return e->link > 0;
}

// The position makes every key unique: qsort need not be stable.
static int compare_keys(const void *a, const void *b)
{
    const Key *x = a, *y = b;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    if (x->link != y->link)
        return x->link < y->link ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

// Pairs the events with the key at `at`: the first of them is the first half,
// and all later ones are second halves, chained by `next`. A notify may wake
// several threads, and several threads may await a future; a wake belongs to
// the lane that waits. Returns the index where the next key begins.
static size_t pair_alike(Run *run, const Key *keys, size_t at, size_t count)
{
    size_t first = keys[at].place, last = first;
    for (size_t i = at + 1;; i++) {
        if (i == count || keys[i].kind != keys[at].kind ||
            keys[i].link != keys[at].link)
            return i;
        size_t place = keys[i].place;
        const Event *e = &run->events[place];
        if (is_second_half(run->events[first].kind) ||
            !is_second_half(e->kind) ||
            (e->kind == EVENT_WAKE && e->lane != run->events[first].lane))
            continue;
        run->partner[place] = first;
        if (last == first)
            run->partner[first] = place;
        else
            run->next[last] = place;
        last = place;
    }
}

// Starts, begins, ends and joins have no link: they are paired by their lane.
// Either half may be missing: main has no start, and not every end is joined.
static void join_two(Run *run, size_t first, size_t second)
{
    if (first != NO_EVENT && second != NO_EVENT) {
        run->partner[first] = second;
        run->partner[second] = first;
    }
}

void run_pair(Run *run)
{
    run->partner = need_memory(NULL, run->count, sizeof(size_t));
    run->next = need_memory(NULL, run->count, sizeof(size_t));
    for (size_t i = 0; i < run->count; i++)
        run->partner[i] = run->next[i] = NO_EVENT;
    Key *keys = need_memory(NULL, run->count, sizeof *keys);
    size_t count = 0;
    for (size_t i = 0; i < run->count; i++)
        count += key_of(&run->events[i], i, &keys[count]);
    qsort(keys, count, sizeof *keys, compare_keys);
    for (size_t at = 0; at < count;)
        at = pair_alike(run, keys, at, count);
    free(keys);
    // run_find_lanes has made sure that a start comes before its begin, and an
    // end before its join.
    for (unsigned n = 0; n < run->lane_count; n++) {
        join_two(run, run->lanes[n].start, run->lanes[n].begin);
        join_two(run, run->lanes[n].end, run->lanes[n].join);
    }
}
