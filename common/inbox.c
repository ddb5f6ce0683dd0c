#define IN_COMMON
#include "inbox.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>

#include "die.h"

enum { FIRST_SEGMENT_BYTES = 240, SEGMENT_BYTES = 4096 };

// In front of a message's bytes.
struct Record {
    alignas(max_align_t) size_t size;  // bytes, without the NUL behind them
    Port *port;
};

#define GO_ON SIZE_MAX  // as a size: the next message is in the next segment

// Its bytes are records. Sizes of records, and of segments, are multiples of
// a record's own, so what is left is always enough for one that says GO_ON.
struct Segment {
    alignas(max_align_t) Segment *next;  // written before GO_ON
    size_t capacity;                     // bytes, of records
};

static Record *first_record(Segment *segment)
{
    return (Record *)(segment + 1);
}

static char *bytes_of(Record *record)
{
    return (char *)(record + 1);
}

static Record *record_behind(Record *record, size_t whole)
{
    return (Record *)((char *)record + whole);
}

// Of the record of a message of so many bytes.
static size_t record_size(size_t size)
{
    size_t whole = sizeof(Record) + size + 1;
    return (whole + sizeof(Record) - 1) / sizeof(Record) * sizeof(Record);
}

// Posting.

size_t outbox_room(const Outbox *outbox)
{
    return outbox->left > sizeof(Record) ? outbox->left - sizeof(Record) : 0;
}

char *outbox_bytes(const Outbox *outbox)
{
    return outbox_room(outbox) > 0 ? bytes_of(outbox->next) : NULL;
}

static size_t capacity_for(const Outbox *outbox, size_t needed)
{
    if (outbox->last == NULL && needed <= FIRST_SEGMENT_BYTES)
        return FIRST_SEGMENT_BYTES;
    return needed > SEGMENT_BYTES ? needed : SEGMENT_BYTES;
}

static Segment *segment_new(Chain *chain, size_t capacity)
{
    Segment *segment = NULL;
    // Acquire: the receiver has read what it had to read there.
    if (capacity == SEGMENT_BYTES)
        segment =
            atomic_exchange_explicit(&chain->spare, NULL, memory_order_acquire);
    if (segment == NULL)
        segment = must_malloc(sizeof *segment + capacity);
    *segment = (Segment){ .capacity = capacity };
    return segment;
}

static char *grow(Outbox *outbox, size_t size)
{
    if (size > PTRDIFF_MAX - SEGMENT_BYTES)
        die("a message of %zu bytes is too large", size);
    size_t needed = record_size(size) + sizeof(Record);
    Segment *segment = segment_new(outbox->chain, capacity_for(outbox, needed));
    if (outbox->last) {
        outbox->last->next = segment;
        outbox->next->size = GO_ON;
    } else {
        outbox->chain->first = segment;
    }
    outbox->last = segment;
    outbox->next = first_record(segment);
    outbox->left = segment->capacity - sizeof(Record);
    return bytes_of(outbox->next);
}

char *outbox_reserve(Outbox *outbox, size_t size)
{
    if (size < outbox_room(outbox))
        return bytes_of(outbox->next);
    return grow(outbox, size);
}

void outbox_add(Outbox *outbox, size_t size, Port *port)
{
    Record *record = outbox->next;
    *record = (Record){ .size = size, .port = port };
    bytes_of(record)[size] = '\0';
    size_t whole = record_size(size);
    outbox->next = record_behind(record, whole);
    outbox->left -= whole;
}

void outbox_undo(Outbox *outbox, size_t size)
{
    size_t whole = record_size(size);
    outbox->next = (Record *)((char *)outbox->next - whole);
    outbox->left += whole;
}

// Receiving.

// One of the usual size goes back to the poster.
static void segment_free(Chain *chain, Segment *segment)
{
    // Release: we have read what we had to read there. What comes back is one
    // that the poster did not take.
    if (segment && segment->capacity == SEGMENT_BYTES)
        segment = atomic_exchange_explicit(&chain->spare, segment,
                                           memory_order_acq_rel);
    free(segment);
}

static Record *go_on(Inbox *inbox)
{
    Segment *done = inbox->first;
    inbox->first = done ? done->next : inbox->chain->first;
    segment_free(inbox->chain, done);
    return first_record(inbox->first);
}

void inbox_take(Inbox *inbox, Message *msg)
{
    Record *record = inbox->next;
    if (record == NULL || record->size == GO_ON)
        record = go_on(inbox);
    inbox->next = record_behind(record, record_size(record->size));
    *msg = (Message){ .data = bytes_of(record),
                      .size = record->size,
                      .port = record->port };
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
