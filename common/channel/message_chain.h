// The messages that were posted to one port and not yet received: an unbounded
// SPSC queue (single producer, single consumer) as a chain of segments. After
// Dmitry Vyukov's unbounded SPSC queue (1024cores.net), and the queues of
// linked arrays in JCTools. The differences:
// - A segment has many messages of any length, one behind the other.
// - The consumer never polls a pointer: the count of posts in the port's state
//   says how many messages there are (port_internal.h).
// - The free list has one place, `spare`, for a segment on its way back.
//
// One thread at a time posts (the writer), and one receives (the reader).
// Neither waits for the other. Invariant: the reader reads no message before it
// is counted, and the writer writes to no message after. The caller counts:
// with release and acquire the writes happen-before the reads.
//
// In a segment:
//
//     head bytes NUL pad | head bytes NUL pad | head ...
//
// A head is one word: twice the number of bytes, plus 1 if a port comes along.
// The port's address then stands in place of the next head, and the next head
// follows it. A message's bytes are aligned for any type, and its head is the
// word before them. So behind every message there is room for one more head.
// That head is GO_ON (JCTools: JUMP) when the next message is in the next
// segment.

#ifndef MESSAGE_CHAIN_H
#define MESSAGE_CHAIN_H

#include "base/names.h"

#include "channel.h"

typedef struct Segment Segment;

// The part that both sides share.
typedef struct MessageChain {
    Segment *first;            // written before the first message, read with it
    _Atomic(Segment *) spare;  // an empty segment, on its way to the writer
} MessageChain;

// The side that posts. Without a segment all fields but the chain are zero.
typedef struct Writer {
    MessageChain *chain;
    Segment *last;
    char *bytes;  // of the next message
    size_t room;  // bytes that fit there, a NUL included
} Writer;

// The side that receives. At first all fields but the chain are zero.
typedef struct Reader {
    MessageChain *chain;
    Segment *first;
    char *bytes;  // of the next message
} Reader;

#define GO_ON SIZE_MAX
#define ALIGNMENT alignof(max_align_t)

static inline size_t *head_of(char *bytes)
{
    return (size_t *)bytes - 1;
}

// The distance of two messages' bytes, if no port is in between.
static inline size_t message_size(size_t size)
{
    size_t whole = size + 1 + sizeof(size_t);  // with NUL and the next head
    return (whole + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

// Posting takes three steps: reserve room, write the bytes, add the message.

// Begins a segment with room for a message of this size.
void writer_grow(Writer *writer, size_t size);

// Makes room for a message of this size, and returns the place of its bytes.
static inline char *writer_reserve(Writer *writer, size_t size)
{
    if (size >= writer->room)
        writer_grow(writer, size);
    return writer->bytes;
}

// Makes a message of the bytes that were written, and ends them with a NUL.
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

// Goes on to the next segment, and gives up the segment before it.
void reader_go_on(Reader *reader);

// Takes the next message, which must have been counted. Its bytes stay where
// they are until the next call.
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

// Frees the segments, when both sides are done. Does not close ports that wait
// in a message.
void reader_free(Reader *reader);

#endif
