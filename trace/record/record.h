// What the files of record.c share, and what they are told by whoever runs the
// program.

#ifndef RECORD_H
#define RECORD_H

#include "trace_names.h"

#include "record_events.h"
#include "value.h"

// A run begins; returns the lane of main.
unsigned record_main(void);

// The program ends well, in the calling thread.
void record_exit(void);

// A call that the thread has made and whose name begins like this: the newest,
// or one of the last `how_far`, for whose arguments others were made. NULL if
// there is none.
Call *record_call(RecordThread *thread, const char *name, unsigned how_far);

// Adds an event in the thread's lane, with the place of its newest call; with
// that of a call of this name; and with the thing that this was made with, of
// which it says the name.
Event *record_here(RecordThread *thread, EventKind kind);
Event *record_in(RecordThread *thread, EventKind kind, const char *name);
Event *record_with(RecordThread *thread, EventKind kind, const void *thing,
                   const char *call);

// Text that ends with a NUL, or NULL.
const char *record_words(const char *text);

// What is in a value.
const char *record_value(const Value *value);

#endif
