// A run of a traced program, read from its file of events (events.h) and made
// ready for drawing.
//
// Damage is survived: a line that makes no sense is left out, a partner that
// comes before its other half is none. So every pair goes forward in the
// array, and following pairs and lanes backwards always ends.

#ifndef RUN_H
#define RUN_H

#include <stdint.h>

#include "events.h"

#define NO_EVENT SIZE_MAX

// The lanes are numbered again from 1, which is main: a preorder walk of the
// tree of starts. A thread comes before the threads that it started, and those
// stand in the order of their starts. So two runs in which the same happened
// have the same numbers.
typedef struct Lane {
    const char *name;  // "main", or what its start says; never ""
    unsigned parent;   // the lane that started it; 0: unknown
    // Places in the array of events, or NO_EVENT.
    size_t start, begin, end, join;
    char made_up[24];  // a name for a lane that has none
} Lane;

typedef struct Run {
    // In the order of the file. Texts are one line of sound UTF-8, ready to be
    // shown: of what the file escapes the backslash is itself again, and a
    // line's end and a tab are \n and \t, in two characters. The lane is the
    // new number, and so is the link of a start, join and cancel.
    Event *events;
    size_t count;

    Lane *lanes;  // lane n is lanes[n - 1]
    unsigned lane_count;

    // For each event its other half, or NO_EVENT: start and begin, end and
    // join, post and receive, settle and await, notify and notified, wait and
    // wake. When several events have the same first half, as those that one
    // notify wakes, it knows the first of them, and that one the next.
    size_t *partner;
    size_t *next;

    bool steps;         // time is counted in steps of explore
    bool complete;      // false: the program was killed, the end is missing
    bool died;          // there is an EVENT_DIED
    size_t damaged;     // lines that were left out
    size_t damaged_at;  // the first of them, from 1

    char *bytes;  // what the texts point into
} Run;

// Reads the file. Returns false, with a sentence on stderr, when it cannot or
// there is no event in it. Of damage it says nothing: that is in *run.
bool run_read(Run *run, const char *path);

void run_free(Run *run);

// Whether the event is the second half of a pair: a begin, a receive, ...
bool is_second_half(EventKind kind);

// Memory, or the end of the program with a sentence.
void *need_memory(void *block, size_t count, size_t size);

#endif
