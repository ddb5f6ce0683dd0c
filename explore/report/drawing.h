// The picture of a replayed run, from the events that the library reports
// (common/base/trace_hooks.h).
//
// The library reports events in every run, so that all runs execute the same
// code. They are kept only in a run that is drawn. None of this is a scheduling
// point.

#ifndef DRAWING_H
#define DRAWING_H

#include <stdbool.h>

// Begins before a run; without `on` no event is kept.
void drawing_start(bool on);

// The program ends by itself, in the calling thread.
void drawing_exit(void);

// The program ends with a finding of this kind.
void drawing_died(const char *kind);

// Writes the events after the run to the file that TRACE_FILE names, if it is
// set. Returns false when that failed.
bool drawing_end(void);

#endif
