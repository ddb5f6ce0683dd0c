// The events of a run as they are kept, for record.c; and what it needs to know
// about threads and time, which explore knows in another way.

#ifndef RECORD_EVENTS_H
#define RECORD_EVENTS_H

#include "trace_names.h"

#include "events.h"

// A call that the program has made: its place and its words.
typedef struct Call {
    const char *place, *words;
} Call;

enum { CALLS = 4, TASKS = 16, WORDS = 256 };

// What we know of a thread. All zeros at first. Only that thread uses it.
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

// Where the program runs. Begins to use the one list of events, or returns NULL
// when nothing is recorded; after that, record_leave.
RecordThread *record_enter(void);
void record_leave(void);

// Around a call of a map: where threads run at once, they take turns here, so
// that the order of the events is that of the calls.
void record_map_enter(void);
void record_map_leave(void);

long long record_now(void);
bool record_steps(void);  // whether that counts steps, and not nanoseconds

// Adds an event in the lane, without a link, a place and texts. One of the kind
// EVENT_KINDS only keeps a place in the order. It may move when another one is
// added; its number stays.
Event *record_event(unsigned lane, EventKind kind);
Event *record_event_at(unsigned long number);
Event *record_last_of(unsigned lane);

// A copy of the text as it stands in the file; of a long one, the beginning.
const char *record_text(const void *text, size_t size);
const char *record_copy(const char *kept);  // of a text that it has returned

// Forgets all events.
void record_forget(void);

// Writes all events to the file; returns false when that failed.
bool record_write(const char *file);

#endif
