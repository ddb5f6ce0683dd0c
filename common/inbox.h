// What has been posted to one port and not yet been received: a chain of
// segments in which messages lie one after the other, bytes in place.
//
// One thread at a time posts and one receives, and they share no field but
// what is inside a segment: inbox_append writes a record that the receiver does
// not look at before it is told, under a lock of the caller's, that there is
// one more. That lock orders the bytes too.

#ifndef INBOX_H
#define INBOX_H

#include <stddef.h>

#include "channel.h"

typedef struct Segment Segment;

typedef struct Inbox {
    Segment *last;   // the poster's alone, like write
    size_t write;    // where in the last segment the next record goes
    Segment *first;  // the receiver's alone, like read
    size_t read;     // where in the first segment the next record is
} Inbox;

void inbox_init(Inbox *inbox);

// Frees the segments. Ports in records that were never taken are not closed.
void inbox_destroy(Inbox *inbox);

// Poster: copies the bytes, and remembers the port, as one more record.
// Returns where in the last segment it was put.
size_t inbox_append(Inbox *inbox, const void *data, size_t size, Port *port);

// Poster: takes the last record back, which the receiver was not told about.
void inbox_undo(Inbox *inbox, size_t where);

// Receiver: takes the next record, of which it was told. What msg points to
// stays until the next call.
void inbox_take(Inbox *inbox, Message *msg);

#endif
