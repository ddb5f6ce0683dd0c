// The slow paths of message_chain.h: the next segment, for the writer and for
// the reader. The free list of a chain has one place, `spare`. There is no ABA
// problem: both sides exchange that word, and neither compares it.
#include "base/base.h"

#include "message_chain.h"

// Payload bytes of a segment. With its header and malloc's own, the allocations
// have 192 and 4096 bytes.
enum { FIRST_SEGMENT_BYTES = 160, SEGMENT_BYTES = 4064 };

struct Segment {
    Segment *next;    // written before the GO_ON that leads to it
    size_t capacity;  // bytes, a multiple of ALIGNMENT
};

// Behind the segment itself, and the first head.
static char *first_bytes(Segment *segment)
{
    return (char *)segment + message_size(sizeof *segment - 1);
}

static Segment *segment_new(MessageChain *chain, size_t capacity)
{
    Segment *segment = NULL;
    // Acquire: the receiver's reads happen-before the writer's new bytes.
    if (capacity == SEGMENT_BYTES)
        segment =
            atomic_exchange_explicit(&chain->spare, NULL, memory_order_acquire);
    if (segment == NULL)
        segment = must_malloc(message_size(sizeof *segment - 1) + capacity);
    // The cache lines of a segment that was used before are in the receiver's
    // core. To fetch them back one by one, every few messages, costs as many
    // waits; stores in a row wait together.
    if (capacity == SEGMENT_BYTES)
        for (size_t i = 0; i < SEGMENT_BYTES; i += CACHE_LINE)
            first_bytes(segment)[i] = '\0';
    segment->next = NULL;
    segment->capacity = capacity;
    return segment;
}

void writer_grow(Writer *writer, size_t size)
{
    if (size > PTRDIFF_MAX - 2 * SEGMENT_BYTES)
        die("a message of %zu bytes is too large", size);
    size_t capacity = message_size(size) + ALIGNMENT;  // with a port
    // A first segment is small: many ports need no other.
    if (writer->last == NULL && capacity <= FIRST_SEGMENT_BYTES)
        capacity = FIRST_SEGMENT_BYTES;
    else if (capacity < SEGMENT_BYTES)
        capacity = SEGMENT_BYTES;
    Segment *segment = segment_new(writer->chain, capacity);
    if (writer->last) {
        writer->last->next = segment;
        *head_of(writer->bytes) = GO_ON;
    } else {
        writer->chain->first = segment;
    }
    writer->last = segment;
    writer->bytes = first_bytes(segment);
    writer->room = capacity - ALIGNMENT - sizeof(size_t);
}

void reader_go_on(Reader *reader)
{
    Segment *done = reader->first;
    reader->first = done ? done->next : reader->chain->first;
    reader->bytes = first_bytes(reader->first);
    // Release: the reads of the segment happen-before the writer's new bytes.
    // The old spare, which the writer did not need, is freed.
    if (done && done->capacity == SEGMENT_BYTES)
        done = atomic_exchange_explicit(&reader->chain->spare, done,
                                        memory_order_release);
    free(done);
}

void reader_free(Reader *reader)
{
    free(atomic_load_explicit(&reader->chain->spare, memory_order_relaxed));
    Segment *segment = reader->first ? reader->first : reader->chain->first;
    while (segment) {
        Segment *next = segment->next;
        free(segment);
        segment = next;
    }
}
