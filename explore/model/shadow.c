// Shadow memory and the race detector: happens-before with vector clocks.
//
// A data race (C11 5.1.2.4) is two accesses of different threads to the same
// bytes, at least one a write and at least one not atomic, neither of which
// happens before the other. An earlier access is kept as an epoch, its thread
// and time (FastTrack, C. Flanagan and S. Freund 2009): one comparison with the
// clock of the present thread decides. Each cell keeps four accesses to eight
// bytes, as ThreadSanitizer does. A fifth pushes one out, so a race may be
// missed in one schedule; but each reported race is a real one.

#include "shadow.h"

#include <stdio.h>

#include "base/finding.h"
#include "history.h"
#include "memory.h"
#include "schedule/point.h"
#include "sync.h"

bool race_goes_on;

static uint32_t run;
static bool grew;

void shadow_start(void)
{
    run++;
}

// Cells are cleared lazily: one from an earlier run is empty. A run then costs
// nothing for memory that it does not use.
Cell *shadow_cell(const void *address)
{
    Cell *cell = memory_cell(address);
    if (cell != NULL && cell->run != run) {
        uint32_t readers = cell->readers, writers = cell->writers;
        *cell = (Cell){ .run = run, .readers = readers, .writers = writers };
    }
    return cell;
}

static bool conflicts(const Access *before, unsigned bytes, int kind)
{
    return (before->bytes & bytes) != 0 && before->thread != self->id &&
           ((before->kind | kind) & WRITE) != 0 &&
           (before->kind & kind & ATOMIC) == 0 &&
           !clock_knows(&self->view.happened, before->thread, before->time);
}

static const char *kind_words(int kind)
{
    static const char *words[] = { "reads", "writes", "reads (atomic)",
                                   "writes (atomic)" };
    return words[kind & 3];
}

// The thread that writes is named first. Otherwise the same race would be two
// findings, depending on which of the two accesses comes first in the run.
static void find_race(const Access *before, int kind, const void *place)
{
    bool we_write = (kind & WRITE) != 0;
    const char *names[] = { self->name, threads[before->thread].name };
    const char *kinds[] = { kind_words(kind), kind_words(before->kind) };
    find_place((Place){ { before->place } });
    finding.caller_is_last = !we_write;
    char text[200];
    snprintf(text, sizeof text,
             "%s %s the memory at @, and %s %s it at @, with nothing that "
             "orders the two.",
             names[!we_write], kinds[!we_write], names[we_write],
             kinds[we_write]);
    if (race_goes_on)
        find_and_go_on("data race", place, "%s", text);
    else
        find("data race", place, "%s", text);
}

// Whether the new access replaces an earlier one of the same thread: every race
// with the earlier access would be a race with the new one, too.
static bool is_covered(const Access *before, unsigned bytes, int kind)
{
    return before->thread == self->id && (before->bytes & ~bytes) == 0 &&
           (before->kind == kind || kind == WRITE);
}

// The slot for a new access: an empty one, one that it replaces, or if all are
// taken a read rather than a write. A write races with reads and writes, so it
// finds more.
static Access *place_for(Cell *cell, unsigned bytes, int kind)
{
    Access *best = NULL;
    for (int i = 0; i < ACCESSES; i++) {
        Access *access = &cell->accesses[i];
        if (access->bytes == 0 || is_covered(access, bytes, kind))
            return access;
        if (best == NULL || (access->kind & WRITE) < (best->kind & WRITE))
            best = access;
    }
    return best;
}

static void check_alive(const Cell *cell, const void *address,
                        const void *place)
{
    if (cell->freed)
        find("use after free", place, "%s uses memory at @ that was freed.",
             self->name);
    if (memory_is_left(address))
        find("use after return", place,
             "%s uses a local variable at @ whose function has returned.",
             self->name);
}

static void access_cell(Cell *cell, unsigned bytes, int kind, const void *place)
{
    for (int i = 0; i < ACCESSES; i++)
        if (conflicts(&cell->accesses[i], bytes, kind))
            find_race(&cell->accesses[i], kind, place);
    *place_for(cell, bytes, kind) =
        (Access){ .place = place,
                  .time = self->view.happened.of[self->id],
                  .thread = (uint8_t)self->id,
                  .bytes = (uint8_t)bytes,
                  .kind = (uint8_t)kind };
}

// One bit for each of a cell's eight bytes that lies in [from, to).
static unsigned bytes_of(uintptr_t cell, uintptr_t from, uintptr_t to)
{
    unsigned first = from > cell ? (unsigned)(from - cell) : 0;
    unsigned end = to < cell + 8 ? (unsigned)(to - cell) : 8;
    return (0xFFu << first) & (0xFFu >> (8 - end));
}

void shadow_access(const void *address, size_t size, int kind,
                   const void *place)
{
    uintptr_t from = (uintptr_t)address, to = from + size;
    for (uintptr_t at = from & ~(uintptr_t)7; at < to; at += 8) {
        Cell *cell = shadow_cell((const void *)at);
        if (cell == NULL)
            return;
        check_alive(cell, address, place);
        access_cell(cell, bytes_of(at, from, to), kind, place);
    }
}

// A plain write ends the life of atomics and mutexes at these bytes: the memory
// is reused. An object that begins before the range is only written into.
void shadow_overwrite(const void *address, size_t size, const void *place)
{
    shadow_access(address, size, WRITE, place);
    memory_touch(address, size);
    uintptr_t from = (uintptr_t)address, to = from + size;
    for (uintptr_t at = from & ~(uintptr_t)7; at < to; at += 8) {
        Cell *cell = shadow_cell((const void *)at);
        if (cell == NULL)
            return;
        if (cell->history != 0)
            history_forget(cell, address, size);
        if (cell->object != 0 && at >= from)
            sync_forget(cell);
    }
}

// Freeing counts as a write, so a free that races with a use is a data race. A
// use that happens after it finds the mark.
void shadow_free(const void *address, size_t size, const void *place)
{
    shadow_overwrite(address, size, place);
    uintptr_t from = (uintptr_t)address, to = from + size;
    for (uintptr_t at = from; at < to; at += 8)
        shadow_cell((const void *)at)->freed = true;
}

// At least two threads, which is two bits in `all`, and one of them writes.
// Reads commute, so their order cannot matter. (all & (all - 1) clears the
// lowest bit.)
static bool is_contended(const Cell *cell)
{
    uint32_t all = cell->readers | cell->writers;
    return cell->writers != 0 && (all & (all - 1)) != 0;
}

// Readers and writers are collected over all runs. If an object becomes
// contended, choices at it were left out before, and the search starts over.
void point_at(const char *name, const void *object, int kind, const void *place)
{
    Cell *cell = shadow_cell(object);
    if (cell != NULL) {
        bool before = is_contended(cell);
        if (kind & WRITE)
            cell->writers |= 1u << self->id;
        else
            cell->readers |= 1u << self->id;
        grew |= !before && is_contended(cell);
    }
    point(name, object, cell == NULL || is_contended(cell), place);
}

bool shadow_is_contended(const void *object)
{
    const Cell *cell = shadow_cell(object);
    return cell == NULL || is_contended(cell);
}

bool shadow_contention_grew(void)
{
    bool result = grew;
    grew = false;
    return result;
}
