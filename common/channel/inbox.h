// What has been posted to one port and not yet been received: a chain of
// segments in which messages lie one after the other, bytes in place.
//
// One thread at a time posts and one receives. Each side has its own place in
// the chain, and the poster writes only what the receiver does not look at
// before it is told that there is one message more. Telling it, and with that
// the order of the bytes, is the caller's matter.
//
// In a segment:
//
//     head bytes NUL pad | head bytes NUL pad | head ...
//
// A head is one word: twice the number of bytes, and one more if a port comes
// along. Its address then stands where the next head would, which is moved on.
// Bytes are aligned for any type, and a head stands right in front of them. So
// behind every message there is room for one more head, which is GO_ON when the
// next message is in the next segment.

#ifndef INBOX_H
#define INBOX_H

#include "base/names.h"

#include <stdalign.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "channel.h"

typedef struct Segment Segment;

// What both sides share.
typedef struct Chain {
    Segment *first;            // written before the first message, read with it
    _Atomic(Segment *) spare;  // an emptied one, on its way back to the poster
} Chain;

// The poster's side. All is zero but for the chain while there is no segment.
typedef struct Outbox {
    Chain *chain;
    Segment *last;
    char *bytes;  // where the next message's go
    size_t left;  // how many there may be, with what stands around them
} Outbox;

// The receiver's side. All is zero but for the chain at first.
typedef struct Inbox {
    Chain *chain;
    Segment *first;
    char *bytes;  // where the next message's are
} Inbox;

#define GO_ON SIZE_MAX
#define ALIGNMENT alignof(max_align_t)

enum { CACHE_LINE = 64 };  // bytes; where it is another number, only slower

static inline size_t *head_of(char *bytes)
{
    return (size_t *)bytes - 1;
}

// From a message's bytes to the next one's, if no port is in between.
static inline size_t message_size(size_t size)
{
    size_t whole = size + 1 + sizeof(size_t);  // a NUL, and the next head
    return (whole + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

// Posting takes three steps: find room, put the bytes there, and make a message
// of them.

// How many bytes fit where the next message goes, a NUL behind them included.
static inline size_t outbox_room(const Outbox *outbox)
{
    return outbox->left > 0 ? outbox->left - sizeof(size_t) : 0;
}

// Begins a segment with room for so many bytes and a NUL.
void outbox_grow(Outbox *outbox, size_t size);

// Makes room for so many bytes and a NUL, and returns where they go.
static inline char *outbox_reserve(Outbox *outbox, size_t size)
{
    if (size >= outbox_room(outbox))
        outbox_grow(outbox, size);
    return outbox->bytes;
}

// Makes a message of the bytes that were put there, and ends them with a NUL.
static inline void outbox_add(Outbox *outbox, size_t size, Port *port)
{
    size_t whole = message_size(size);
    outbox->bytes[size] = '\0';
    *head_of(outbox->bytes) = 2 * size + (port != NULL);
    outbox->bytes += whole;
    if (port) {
        *(Port **)head_of(outbox->bytes) = port;
        outbox->bytes += ALIGNMENT;
        whole += ALIGNMENT;
    }
    outbox->left -= whole < outbox->left ? whole : outbox->left;
}

// Goes on to the next segment, and gives up the one before it.
void inbox_go_on(Inbox *inbox);

// Takes the next message, of which we were told. What msg points to stays until
// the next call.
static inline void inbox_take(Inbox *inbox, Message *msg)
{
    if (inbox->bytes == NULL || *head_of(inbox->bytes) == GO_ON)
        inbox_go_on(inbox);
    size_t head = *head_of(inbox->bytes);
    *msg = (Message){ .data = inbox->bytes, .size = head / 2 };
    inbox->bytes += message_size(msg->size);
    if (head % 2 != 0) {
        msg->port = *(Port **)head_of(inbox->bytes);
        inbox->bytes += ALIGNMENT;
    }
}

// Frees the segments, when both sides are done. Ports in messages that were
// never taken are not closed.
void inbox_free(Inbox *inbox);

#endif
