// What has been posted to one port and not yet been received: an unbounded SPSC
// queue (single producer, single consumer), as a chain of segments in which
// messages lie one after the other, bytes in place.
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

#ifndef MESSAGE_CHAIN_H
#define MESSAGE_CHAIN_H

#include "base/names.h"

#include <stdalign.h>
#include <stdatomic.h>
#include <stdint.h>

#include "channel.h"

typedef struct Segment Segment;

// What both sides share.
typedef struct MessageChain {
    Segment *first;            // written before the first message, read with it
    _Atomic(Segment *) spare;  // an emptied one, on its way back to the poster
} MessageChain;

// The poster's side. All is zero but for the chain while there is no segment.
typedef struct Writer {
    MessageChain *chain;
    Segment *last;
    char *bytes;  // where the next message's go
    size_t room;  // bytes that fit there, a NUL included
} Writer;

// The receiver's side. All is zero but for the chain at first.
typedef struct Reader {
    MessageChain *chain;
    Segment *first;
    char *bytes;  // where the next message's are
} Reader;

#define GO_ON SIZE_MAX
#define ALIGNMENT alignof(max_align_t)

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

// Begins a segment with room for so many bytes and a NUL.
void writer_grow(Writer *writer, size_t size);

// Makes room for so many bytes and a NUL, and returns where they go.
static inline char *writer_reserve(Writer *writer, size_t size)
{
    if (size >= writer->room)
        writer_grow(writer, size);
    return writer->bytes;
}

// Makes a message of the bytes that were put there, and ends them with a NUL.
static inline void writer_add(Writer *writer, size_t size, Port *port)
{
    size_t whole = message_size(size);
    writer->bytes[size] = '\0';
    *head_of(writer->bytes) = 2 * size + (port != NULL);
    writer->bytes += whole;
    if (port) {
        *(Port **)head_of(writer->bytes) = port;
        writer->bytes += ALIGNMENT;
        whole += ALIGNMENT;
    }
    writer->room -= whole < writer->room ? whole : writer->room;
}

// Goes on to the next segment, and gives up the one before it.
void reader_go_on(Reader *reader);

// Takes the next message, of which we were told. What msg points to stays until
// the next call.
static inline void reader_take(Reader *reader, Message *msg)
{
    if (reader->bytes == NULL || *head_of(reader->bytes) == GO_ON)
        reader_go_on(reader);
    size_t head = *head_of(reader->bytes);
    *msg = (Message){ .data = reader->bytes, .size = head / 2 };
    reader->bytes += message_size(msg->size);
    if (head % 2 != 0) {
        msg->port = *(Port **)head_of(reader->bytes);
        reader->bytes += ALIGNMENT;
    }
}

// Frees the segments, when both sides are done. Ports in messages that were
// never taken are not closed.
void reader_free(Reader *reader);

#endif
