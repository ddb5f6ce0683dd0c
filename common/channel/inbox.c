#define IN_COMMON
#include "base/names.h"

#include "inbox.h"

#include <stdlib.h>

#include "base/die.h"

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
static size_t capacity_for(const Outbox *outbox, size_t needed)
{
    if (outbox->last == NULL && needed <= FIRST_SEGMENT_BYTES)
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

static Segment *segment_new(Chain *chain, size_t capacity)
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

void outbox_grow(Outbox *outbox, size_t size)
{
    if (size > PTRDIFF_MAX - 2 * SEGMENT_BYTES)
        die("a message of %zu bytes is too large", size);
    size_t needed = message_size(size) + ALIGNMENT;  // with a port
    Segment *segment = segment_new(outbox->chain, capacity_for(outbox, needed));
    if (outbox->last) {
        outbox->last->next = segment;
        *head_of(outbox->bytes) = GO_ON;
    } else {
        outbox->chain->first = segment;
    }
    outbox->last = segment;
    outbox->bytes = first_bytes(segment);
    outbox->left = segment->capacity - ALIGNMENT;
}

// One of the usual size goes back to the poster; then the one before it, which
// the poster had no use for, is freed.
static void segment_free(Chain *chain, Segment *segment)
{
    // Release: we have read what we had to read there.
    if (segment && segment->capacity == SEGMENT_BYTES)
        segment = atomic_exchange_explicit(&chain->spare, segment,
                                           memory_order_release);
    free(segment);
}

void inbox_go_on(Inbox *inbox)
{
    Segment *done = inbox->first;
    inbox->first = done ? done->next : inbox->chain->first;
    inbox->bytes = first_bytes(inbox->first);
    segment_free(inbox->chain, done);
}

void inbox_free(Inbox *inbox)
{
    free(atomic_load_explicit(&inbox->chain->spare, memory_order_relaxed));
    Segment *segment = inbox->first ? inbox->first : inbox->chain->first;
    while (segment) {
        Segment *next = segment->next;
        free(segment);
        segment = next;
    }
}
