#define IN_COMMON
#include "inbox.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"

enum { FIRST_SEGMENT_BYTES = 240, SEGMENT_BYTES = 4096 };
enum { ALIGNMENT = alignof(max_align_t) };

// In front of a message's bytes.
typedef struct Record {
    alignas(max_align_t) size_t size;  // bytes, without the NUL behind them
    Port *port;
} Record;

#define GO_ON SIZE_MAX  // as a size: the next record is in the next segment

struct Segment {
    Segment *next;    // written before a record that says GO_ON
    size_t capacity;  // bytes at `bytes`
    alignas(max_align_t) char bytes[];
};

static Segment *segment_new(size_t capacity)
{
    Segment *segment = must_malloc(sizeof *segment + capacity);
    segment->next = NULL;
    segment->capacity = capacity;
    return segment;
}

static Record *record_at(Segment *segment, size_t offset)
{
    return (Record *)(segment->bytes + offset);
}

static size_t record_size(size_t size)
{
    if (size > PTRDIFF_MAX - SEGMENT_BYTES)
        die("a message of %zu bytes is too large", size);
    size_t whole = sizeof(Record) + size + 1;
    return (whole + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

void inbox_init(Inbox *inbox)
{
    Segment *segment = segment_new(FIRST_SEGMENT_BYTES);
    *inbox = (Inbox){ .last = segment, .first = segment };
}

void inbox_destroy(Inbox *inbox)
{
    Segment *next;
    for (Segment *segment = inbox->first; segment != NULL; segment = next) {
        next = segment->next;
        free(segment);
    }
}

// Makes room for a record and, behind it, for one that says GO_ON.
static void reserve(Inbox *inbox, size_t needed)
{
    needed += sizeof(Record);
    if (inbox->last->capacity - inbox->write >= needed)
        return;
    Segment *segment =
        segment_new(needed > SEGMENT_BYTES ? needed : SEGMENT_BYTES);
    inbox->last->next = segment;
    record_at(inbox->last, inbox->write)->size = GO_ON;
    inbox->last = segment;
    inbox->write = 0;
}

size_t inbox_append(Inbox *inbox, const void *data, size_t size, Port *port)
{
    size_t whole = record_size(size);
    reserve(inbox, whole);

    size_t where = inbox->write;
    Record *record = record_at(inbox->last, where);
    record->size = size;
    record->port = port;
    char *bytes = (char *)(record + 1);
    if (size > 0)
        memcpy(bytes, data, size);
    bytes[size] = '\0';
    inbox->write += whole;
    return where;
}

void inbox_undo(Inbox *inbox, size_t where)
{
    inbox->write = where;
}

void inbox_take(Inbox *inbox, Message *msg)
{
    Record *record = record_at(inbox->first, inbox->read);
    if (record->size == GO_ON) {
        Segment *done = inbox->first;
        inbox->first = done->next;
        inbox->read = 0;
        free(done);
        record = record_at(inbox->first, 0);
    }
    inbox->read += record_size(record->size);
    *msg = (Message){ .data = record + 1,
                      .size = record->size,
                      .port = record->port };
}
