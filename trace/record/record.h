// The functions that the files of record/ share, and the two calls by which the
// environment of the program begins and ends a run: record_threads.c, or
// explore.

#ifndef RECORD_H
#define RECORD_H

#include "trace_names.h"

#include "record_events.h"
#include "value.h"

// A run begins; returns the lane of main.
unsigned record_main(void);

// The program ends well, in the calling thread.
void record_exit(void);

// The newest of the thread's last `how_far` calls with a name that begins like
// this, or NULL. Of nested calls the inner one is newer: it makes an argument.
Call *record_call(RecordThread *thread, const char *name, unsigned how_far);

// Adds an event to the thread's lane:
//
//   record_here   with the place of the thread's newest call
//   record_in     with the place of its newest call of that name
//   record_with   the same, and names the thing as that call does
Event *record_here(RecordThread *thread, EventKind kind);
Event *record_in(RecordThread *thread, EventKind kind, const char *name);
Event *record_with(RecordThread *thread, EventKind kind, const void *thing,
                   const char *call);

// Text that ends with a NUL, or NULL.
const char *record_words(const char *text);

// The value in words, as it stands in the file.
const char *record_value(const Value *value);

#endif
