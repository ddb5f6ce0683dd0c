// What a replayed program tells of itself (common/base/trace_hooks.h), for a
// picture.
//
// The program tells it in every run, so that it is the same program; only of
// one that is drawn it is kept. Nothing of this is a choice, or a point.

#ifndef DRAWING_H
#define DRAWING_H

#include <stdbool.h>

// Begins before a run; without `on` nothing is kept.
void drawing_start(bool on);

// The program ends as it wished, in the calling thread.
void drawing_exit(void);

// The program ends with something that is wrong: one word about it.
void drawing_died(const char *word);

// After the run: writes the events to the file that TRACE_FILE names, if it
// names one. Returns false when that failed.
bool drawing_end(void);

#endif
