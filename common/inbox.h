// What has been posted to one port and not yet been received: a chain of
// segments in which messages lie one after the other, bytes in place.
//
// One thread at a time posts and one receives. Each side has its own place in
// the chain, and the poster writes only what the receiver does not look at
// before it is told that there is one message more. Telling it, and with that
// the order of the bytes, is the caller's matter.

#ifndef INBOX_H
#define INBOX_H

#include <stdatomic.h>
#include <stddef.h>

#include "channel.h"

typedef struct Segment Segment;
typedef struct Record Record;

// What both sides share.
typedef struct Chain {
    Segment *first;  // written with the first message, read before it is taken
    _Atomic(Segment *) spare;  // an emptied one, on its way back to the poster
} Chain;

// The poster's side. All zeros but for the chain: nothing was ever posted, and
// no segment is allocated.
typedef struct Outbox {
    Chain *chain;
    Segment *last;
    Record *next;  // where the next message goes
    size_t left;   // bytes from there on, for records
} Outbox;

// The receiver's side. All zeros but for the chain: nothing was ever received.
typedef struct Inbox {
    Chain *chain;
    Segment *first;
    Record *next;  // where the next message is, or NULL
} Inbox;

// How many bytes the next message may have where it would go now, with the NUL
// behind them, and where they would go. NULL when there is no room at all.
size_t outbox_room(const Outbox *outbox);
char *outbox_bytes(const Outbox *outbox);

// Makes room for so many bytes and a NUL. Returns where they go.
char *outbox_reserve(Outbox *outbox, size_t size);

// Makes a message of the bytes that were put there, and ends them with a NUL.
void outbox_add(Outbox *outbox, size_t size, Port *port);

// Takes back the message that was added last, of which the receiver was not
// told.
void outbox_undo(Outbox *outbox, size_t size);

// Takes the next message, of which we were told. What msg points to stays until
// the next call.
void inbox_take(Inbox *inbox, Message *msg);

// Frees the segments, when both sides are done. Ports in messages that were
// never taken are not closed.
void inbox_free(Inbox *inbox);

#endif
