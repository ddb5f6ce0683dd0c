// The lanes of a run, which are timelines of threads or tasks, and their
// numbers: a preorder walk (depth-first, parents before children) of the tree
// of starts. Invariant: a lane's start comes before its first event. So the
// tree has no circle, and every walk ends, also in a damaged file.

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "run_internal.h"

// The recorder numbers lanes in the order of their starts, which differs from
// run to run. With the numbers of this walk equal runs have equal pictures.

static int compare_numbers(const void *a, const void *b)
{
    unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;
    return (x > y) - (x < y);
}

// The numbers that lanes have in the file, sorted and without duplicates: a
// lane's own events name it, and so does the start of a lane without events.
typedef struct Numbers {
    unsigned *all;
    unsigned count;
} Numbers;

static Numbers numbers_of(const Run *run)
{
    Numbers n = { need_memory(NULL, 2 * run->count, sizeof(unsigned)), 0 };
    for (size_t i = 0; i < run->count; i++) {
        const Event *e = &run->events[i];
        n.all[n.count++] = e->lane;
        if (e->kind == EVENT_START && e->link > 0 && e->link <= UINT_MAX)
            n.all[n.count++] = (unsigned)e->link;
    }
    qsort(n.all, n.count, sizeof *n.all, compare_numbers);
    unsigned different = 0;
    for (unsigned i = 0; i < n.count; i++)
        if (i == 0 || n.all[i] != n.all[i - 1])
            n.all[different++] = n.all[i];
    n.count = different;
    return n;
}

// The number's index in the sorted array, counted from 1; 0 if it is not there.
static unsigned place_of(Numbers n, unsigned long number)
{
    unsigned key = (unsigned)number;
    const unsigned *found =
        number <= UINT_MAX && number > 0
            ? bsearch(&key, n.all, n.count, sizeof key, compare_numbers)
            : NULL;
    return found ? (unsigned)(found - n.all) + 1 : 0;
}

// Of several begins, ends or joins of a lane, as only damage leaves them, the
// first counts. A join counts only after its end: pairs go forward.
static void note_event(Run *run, size_t i)
{
    const Event *e = &run->events[i];
    Lane *own = &run->lanes[e->lane - 1];
    if (e->kind == EVENT_BEGIN && own->begin == NO_EVENT) {
        own->begin = i;
        if (own->name[0] == '\0')
            own->name = e->object;
    }
    if (e->kind == EVENT_END && own->end == NO_EVENT)
        own->end = i;
    if (e->kind == EVENT_JOIN && e->link > 0) {
        Lane *other = &run->lanes[e->link - 1];
        if (other->join == NO_EVENT && other->end != NO_EVENT)
            other->join = i;
    }
}

// A start counts if it is the lane's first start and comes before the lane's
// first event. So no lane can be its own ancestor.
static void note_start(Run *run, size_t i, const size_t *first)
{
    const Event *e = &run->events[i];
    if (e->kind != EVENT_START || e->link == 0)
        return;
    Lane *lane = &run->lanes[e->link - 1];
    if (lane->start == NO_EVENT && i < first[e->link - 1] &&
        e->link != e->lane) {
        lane->start = i;
        lane->parent = e->lane;
        lane->name = e->object;
    }
}

// The links of these kinds are lanes, and have to be renumbered with the lanes.
// All other links pair two events.
static bool has_lane_as_link(EventKind kind)
{
    return kind == EVENT_START || kind == EVENT_JOIN || kind == EVENT_CANCEL;
}

// Lanes in the order of their numbers in the file.
static void make_lanes(Run *run, Numbers numbers)
{
    run->lane_count = numbers.count;
    run->lanes = need_memory(NULL, numbers.count, sizeof *run->lanes);
    size_t *first = need_memory(NULL, numbers.count, sizeof *first);
    for (unsigned n = 0; n < numbers.count; n++) {
        run->lanes[n] = (Lane){ .name = "",
                                .start = NO_EVENT,
                                .begin = NO_EVENT,
                                .end = NO_EVENT,
                                .join = NO_EVENT };
        first[n] = NO_EVENT;
    }
    for (size_t i = 0; i < run->count; i++) {
        Event *e = &run->events[i];
        e->lane = place_of(numbers, e->lane);
        if (has_lane_as_link(e->kind))
            e->link = place_of(numbers, e->link);
        if (first[e->lane - 1] == NO_EVENT)
            first[e->lane - 1] = i;
    }
    // In the file's order: note_event relies on an end that was noted before.
    for (size_t i = 0; i < run->count; i++) {
        note_start(run, i, first);
        note_event(run, i);
    }
    free(first);
}

// Gives each lane its number: numbers[n] for lane n + 1. This is a preorder
// walk of a forest in first-child, next-sibling form, without recursion: a
// chain of starts may be as long as the file.
static void count_down(const Run *run, unsigned *numbers)
{
    unsigned none = 0, counted = 0, lanes = run->lane_count;
    unsigned *child = need_memory(NULL, lanes, sizeof none);    // the first
    unsigned *sibling = need_memory(NULL, lanes, sizeof none);  // the next
    for (unsigned n = 0; n < lanes; n++)
        child[n] = sibling[n] = none;
    // From the last start to the first: each becomes the first child.
    for (size_t i = run->count; i-- > 0;) {
        unsigned long link = run->events[i].link;
        if (run->events[i].kind == EVENT_START && link > 0 &&
            run->lanes[link - 1].start == i) {
            sibling[link - 1] = child[run->events[i].lane - 1];
            child[run->events[i].lane - 1] = (unsigned)link;
        }
    }
    for (unsigned root = 1; root <= lanes; root++) {
        if (run->lanes[root - 1].parent)
            continue;
        unsigned n = root;
        numbers[n - 1] = ++counted;
        while (n) {
            unsigned next = child[n - 1];
            // Without a child: the next sibling, or the nearest ancestor's.
            while (!next && n != root && !(next = sibling[n - 1]))
                n = run->lanes[n - 1].parent;
            if (next)
                numbers[next - 1] = ++counted;
            n = next;
        }
    }
    free(child);
    free(sibling);
}

// Puts the lanes in the order of their new numbers, and changes every place
// that names a lane: parents, events, and the links that are lanes.
static void renumber(Run *run, const unsigned *numbers)
{
    Lane *lanes = need_memory(NULL, run->lane_count, sizeof *lanes);
    for (unsigned n = 0; n < run->lane_count; n++) {
        lanes[numbers[n] - 1] = run->lanes[n];
        if (run->lanes[n].parent)
            lanes[numbers[n] - 1].parent = numbers[run->lanes[n].parent - 1];
    }
    free(run->lanes);
    run->lanes = lanes;
    for (size_t i = 0; i < run->count; i++) {
        Event *e = &run->events[i];
        e->lane = numbers[e->lane - 1];
        if (has_lane_as_link(e->kind) && e->link > 0)
            e->link = numbers[e->link - 1];
    }
}

// Names come last, since a made-up name has the lane's new number in it.
void run_find_lanes(Run *run)
{
    Numbers in_file = numbers_of(run);
    make_lanes(run, in_file);
    free(in_file.all);
    unsigned *numbers = need_memory(NULL, run->lane_count, sizeof *numbers);
    count_down(run, numbers);
    renumber(run, numbers);
    free(numbers);
    for (unsigned n = 1; n <= run->lane_count; n++) {
        Lane *lane = &run->lanes[n - 1];
        if (n == 1 && lane->parent == 0 && lane->name[0] == '\0')
            lane->name = "main";
        if (lane->name[0] == '\0') {
            snprintf(lane->made_up, sizeof lane->made_up, "thread %u", n);
            lane->name = lane->made_up;
        }
    }
}
