#include "base/base.h"

#include "message_chain.h"

// Of bytes and what stands around them. With the rest 192 and 4096.
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

// A first segment is small, and many ports need no other.
static size_t capacity_for(const Writer *writer, size_t needed)
{
    if (writer->last == NULL && needed <= FIRST_SEGMENT_BYTES)
        return FIRST_SEGMENT_BYTES;
    return needed > SEGMENT_BYTES ? needed : SEGMENT_BYTES;
}

// A segment that was used before has its cache lines in the receiver's core. To
// take them back one by one, every few messages, would be as many waits; many
// stores in a row wait together.
static void take_lines(Segment *segment)
{
    for (size_t i = 0; i < SEGMENT_BYTES; i += CACHE_LINE)
        first_bytes(segment)[i] = '\0';
}

static Segment *segment_new(MessageChain *chain, size_t capacity)
{
    Segment *segment = NULL;
    // Acquire: the receiver has read what it had to read there.
    if (capacity == SEGMENT_BYTES)
        segment =
            atomic_exchange_explicit(&chain->spare, NULL, memory_order_acquire);
    if (segment == NULL)
        segment = must_malloc(message_size(sizeof *segment - 1) + capacity);
    if (capacity == SEGMENT_BYTES)
        take_lines(segment);
    segment->next = NULL;
    segment->capacity = capacity;
    return segment;
}

void writer_grow(Writer *writer, size_t size)
{
    if (size > PTRDIFF_MAX - 2 * SEGMENT_BYTES)
        die("a message of %zu bytes is too large", size);
    size_t needed = message_size(size) + ALIGNMENT;  // with a port
    Segment *segment = segment_new(writer->chain, capacity_for(writer, needed));
    if (writer->last) {
        writer->last->next = segment;
        *head_of(writer->bytes) = GO_ON;
    } else {
        writer->chain->first = segment;
    }
    writer->last = segment;
    writer->bytes = first_bytes(segment);
    writer->left = segment->capacity - ALIGNMENT;
}

// One of the usual size goes back to the poster; then the one before it, which
// the poster had no use for, is freed.
static void segment_free(MessageChain *chain, Segment *segment)
{
    // Release: we have read what we had to read there.
    if (segment && segment->capacity == SEGMENT_BYTES)
        segment = atomic_exchange_explicit(&chain->spare, segment,
                                           memory_order_release);
    free(segment);
}

void reader_go_on(Reader *reader)
{
    Segment *done = reader->first;
    reader->first = done ? done->next : reader->chain->first;
    reader->bytes = first_bytes(reader->first);
    segment_free(reader->chain, done);
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
