// The events of a run in memory, for record.c; and its threads, lock and clock:
// record_threads.c has those of a program that runs by itself, and explore has
// its own.

#ifndef RECORD_EVENTS_H
#define RECORD_EVENTS_H

#include "trace_names.h"

#include "events.h"

// A call that the program has made: its place and its words.
typedef struct Call {
    const char *place, *words;
} Call;

enum { CALLS = 4, TASKS = 16, WORDS = 256 };

// The state of a thread, all zeros at first. Only that thread uses it.
typedef struct RecordThread {
    unsigned lane;          // in which its events are; 0: in none yet
    unsigned outer[TASKS];  // the lanes that it left to run a task
    int depth;              // how many
    Call calls[CALLS];      // the newest, in a ring
    unsigned newest;        // where it is
    char words[WORDS];      // for what it will sleep
    unsigned long sleep;    // the link of its wait, while it sleeps
    unsigned long posted;   // the number of the event of its last post
    unsigned long notify;   // the link of the notify that it waits for
    bool in_map;            // in a call of a map,
    unsigned long moment;   // and the event that is kept free for it, or 0
} RecordThread;

// Takes the lock of the list of events, and returns the calling thread's state.
// The caller then calls record_leave. NULL, without the lock: nothing is
// recorded.
RecordThread *record_enter(void);
void record_leave(void);

// Around a call of a map: with real threads this is a lock, so that the order
// of the events is that of the calls.
void record_map_enter(void);
void record_map_leave(void);

long long record_now(void);
bool record_steps(void);  // whether that counts steps, and not nanoseconds

// Adds an event to the lane, without a link, a place and texts. An event of the
// kind EVENT_KINDS only keeps a place in the order. The pointer is valid until
// the next event is added; the number is valid for the whole run.
Event *record_event(unsigned lane, EventKind kind);
Event *record_event_at(unsigned long number);
Event *record_last_of(unsigned lane);

// A copy of the text as it stands in the file. A long text is cut.
const char *record_text(const void *text, size_t size);
const char *record_copy(const char *kept);  // of a text that it has returned

// Forgets all events.
void record_forget(void);

// Writes all events to the file; returns false when that failed.
bool record_write(const char *file);

#endif
