// The file of events of a traced program: an event log that record.c writes
// inside the program and that the tool draw/ reads.
//
// One event a line, in a total order that agrees with happens-before: an event
// is told before another thread can know of it, so an event that can depend on
// it comes later in the file. Nine fields, with a tab between them:
//
//     number  ns  lane  kind  link  place  object  text  more
//
// number counts from 1 without gaps. In the last four fields a backslash, a
// tab, a line's end and any other control character or byte that is not UTF-8
// is written \xHH. Lines that begin with # are comments. A file ends with the
// comment "# end"; without one the program was killed. The comment "# steps"
// says that time is counted in steps of explore.

#ifndef EVENTS_H
#define EVENTS_H

#include "trace_names.h"

#include <stdbool.h>
#include <stddef.h>

typedef enum EventKind {
    // A lane is a thread: main is lane 1. A task of future_start has a lane of
    // its own, whichever thread runs it.
    EVENT_START,  // link: the lane that is started; object: its name, unique;
                  // more: the port that it is given, or ""
    EVENT_BEGIN,  // the lane's first event; main has none. object: the name of
                  // a lane without a start, or ""
    EVENT_END,    // the lane's last event
    EVENT_JOIN,   // link: the lane that has ended; text: how, if not well

    // Something goes from one lane to another, paired by the link: a message, a
    // task's value, a notify. A message that is never received has no partner.
    // A receive comes after its post.
    EVENT_POST,     // object: the port or queue; text: the message; more: the
                    // port that travels along, or ""
    EVENT_RECEIVE,  // the same, at the other end
    EVENT_SETTLE,   // object: the future; text: its value or error
    EVENT_AWAIT,    // the value has come; several may await one
    EVENT_NOTIFY,   // object: the word; link 0: no thread waited
    EVENT_NOTIFIED,

    // A span in which the lane sleeps: wait and wake have the same link, and
    // nothing of that lane lies between the two. The last wait may have none.
    EVENT_WAIT,  // text: for what, as in "for a message on port1"
    EVENT_WAKE,  // text: "" or "in vain", when the deadline passed first

    // Something that only concerns the lane.
    EVENT_REFUSED,  // a post to a closed port: object, text
    EVENT_CLOSE,    // object: the port or queue
    EVENT_CANCEL,   // link: the lane that never ran
    EVENT_MAP,      // object: the map; text: the call, as in "set balance";
                    // more: the value that was set or found
    EVENT_DIED,     // text: the word that the program ended with
    EVENT_KINDS
} EventKind;

typedef struct Event {
    unsigned long number;
    long long ns;  // since the first event; or steps
    unsigned lane;
    EventKind kind;
    unsigned long link;  // 0: none
    const char *place;   // "main.c:12", or ""
    const char *object;
    const char *text;
    const char *more;
} Event;

// In the file a kind is a word: "start", "begin", ...
extern const char *const event_words[EVENT_KINDS];

#endif
