// The C11 memory model (5.1.2.4 and 7.17.3), as an operational one: a history
// of stores for each atomic object, and a view for each thread.
//
// A real machine delays stores and reorders loads. Here the run is sequential,
// and a load goes back in time: it may return any store of the history that the
// thread's view does not rule out. That gives the same values, apart from load
// buffering, and it is independent of the processor that explore runs on. The
// invariant: what a thread has once seen, itself or through an acquire, hides
// all older stores from it.

#include "history.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

#include "base/give_up.h"
#include "memory.h"
#include "schedule/thread.h"
#include "shadow.h"

// A loop of loads could get an old value forever. C11 (7.17.3) asks that stores
// become visible "within a reasonable amount of time", so after OLD_IN_A_ROW
// old values a thread's next load returns the newest one.
enum { MAX_HISTORIES = 1 << 14, OLD_IN_A_ROW = 3 };

typedef struct Store {
    uint64_t value;
    View released;   // joined by an acquire that reads this store
    uint32_t time;   // in its thread's clock
    uint32_t total;  // its number in the total order, or 0 if not in it
    uint8_t thread;
    uint32_t read[MAX_THREADS];  // the time of each thread's first load of it,
                                 // or 0
} Store;

struct History {
    uintptr_t address;
    int size;
    uint32_t next;   // another atomic in the same eight bytes, or 0
    unsigned count;  // of stores so far; the last MAX_STORES of them are kept
    uint8_t old_reads[MAX_THREADS];  // loads of old values in a row
    Store stores[MAX_STORES];
};

static History histories[MAX_HISTORIES];
static uint32_t history_count;

// The single total order S of all sequentially consistent operations (7.17.3):
// its length so far, and the stores that the fences in it have made visible. S
// is the order of the run, which is consistent with happens-before.
static uint32_t total;
static View total_view;

void history_start(void)
{
    history_count = 0;
    total = 0;
    total_view = (View){ 0 };
}

// consume is acquire here, as in all compilers.
static bool acquires(int order)
{
    return order == memory_order_acquire || order == memory_order_consume ||
           order == memory_order_acq_rel || order == memory_order_seq_cst;
}

static bool releases(int order)
{
    return order == memory_order_release || order == memory_order_acq_rel ||
           order == memory_order_seq_cst;
}

static char *low_bytes(uint64_t *value, int size)
{
    bool big_endian = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
    return (char *)value + (big_endian ? 8 - size : 0);
}

static uint64_t read_memory(const void *address, int size)
{
    uint64_t value = 0;
    memcpy(low_bytes(&value, size), address, (size_t)size);
    return value;
}

void history_forget(Cell *cell, const void *address, size_t size)
{
    uintptr_t from = (uintptr_t)address, to = from + size;
    uint32_t *link = &cell->history;
    while (*link != 0) {
        History *history = &histories[*link];
        if (history->address < to &&
            history->address + (unsigned)history->size > from)
            *link = history->next;
        else
            link = &history->next;
    }
}

static Store *store_at(History *history, int back)
{
    return &history->stores[(history->count - 1 - (unsigned)back) % MAX_STORES];
}

// The value from before the first atomic access is store 0. Its time is 0,
// which every clock knows, so it is visible to all threads. If its
// initialization was not ordered before that access, the race detector reports
// it (shadow.c).
static History *add(Cell *cell, const void *address, int size)
{
    if (history_count + 1 == MAX_HISTORIES)
        give_up("The program uses more than %d atomics.", MAX_HISTORIES);
    History *history = &histories[++history_count];
    *history = (History){ .address = (uintptr_t)address,
                          .size = size,
                          .next = cell->history,
                          .count = 1 };
    history->stores[0].value = read_memory(address, size);
    cell->history = history_count;
    return history;
}

// The last store must be the value in memory. If it is not, the history belongs
// to a dead variable that lay at this address: clang does not report every
// plain write to a variable on the stack.
History *history_of(const void *address, int size)
{
    Cell *cell = shadow_cell(address);
    if (cell == NULL)
        give_up("An atomic lies in memory that is not the program's own.");
    for (uint32_t i = cell->history; i != 0; i = histories[i].next)
        if (histories[i].address == (uintptr_t)address &&
            histories[i].size == size &&
            store_at(&histories[i], 0)->value == read_memory(address, size))
            return &histories[i];
    history_forget(cell, address, (size_t)size);
    return add(cell, address, size);
}

// Whether the store, or a load of it by any thread, is visible in this clock.
// The store is write-read coherence, the load is read-read coherence (5.1.2.4):
// if a thread learns that another one has read a store, it cannot go behind it.
static bool includes(const Clock *visible, const Store *store)
{
    if (clock_knows(visible, store->thread, store->time))
        return true;
    for (int i = 0; i < thread_count; i++)
        if (store->read[i] != 0 && clock_knows(visible, i, store->read[i]))
            return true;
    return false;
}

// Whether the thread's load cannot return a store older than this one. The
// rules of 7.17.3, in their order there: the load is sequentially consistent,
// and so is the store; the store is, and a fence stands before the load; a
// fence stands after the store, and the load is sequentially consistent. With a
// fence at both ends, history_fence has added the store to the thread's own
// view.
static bool hides_older(const Store *store, bool total_order)
{
    if (store->total != 0 && (total_order || store->total <= self->view.fence))
        return true;
    return includes(&self->view.visible, store) ||
           (total_order && includes(&total_view.visible, store));
}

int history_choices(History *history, int order)
{
    if (history->old_reads[self->id] >= OLD_IN_A_ROW)
        return 1;
    int kept = history->count < MAX_STORES ? (int)history->count : MAX_STORES;
    for (int back = 0; back < kept; back++)
        if (hides_older(store_at(history, back), order == memory_order_seq_cst))
            return back + 1;
    return kept;
}

uint64_t history_value(History *history, int back)
{
    return store_at(history, back)->value;
}

// An acquire load synchronizes with the release store that it reads. A relaxed
// load keeps the released view in `loaded`, for an acquire fence that may
// follow (7.17.4).
uint64_t history_read(History *history, int back, int order)
{
    Store *store = store_at(history, back);
    if (back > 0)
        history->old_reads[self->id]++;
    else
        history->old_reads[self->id] = 0;
    if (store->read[self->id] == 0)
        store->read[self->id] = self->view.happened.of[self->id];
    view_join(acquires(order) ? &self->view : &self->loaded, &store->released);
    return store->value;
}

// A release store publishes the thread's whole view. A relaxed one publishes
// the view of the last release fence before it (7.17.4), which is empty if
// there was none. It ends a release sequence, as in C23; in C11 a store of the
// same thread continues it. tick() comes last: the store is part of the time
// before it.
void history_write(History *history, uint64_t value, int order)
{
    void *address = (void *)history->address;
    Store *store = &history->stores[history->count++ % MAX_STORES];
    *store = (Store){ .value = value,
                      .released = releases(order) ? self->view : self->released,
                      .time = self->view.happened.of[self->id],
                      .thread = (uint8_t)self->id };
    if (order == memory_order_seq_cst)
        store->total = ++total;
    memcpy(address, low_bytes(&value, history->size), (size_t)history->size);
    memory_touch(address, (size_t)history->size);
    tick();
}

// The store belongs to the release sequence of the one before it (5.1.2.4): an
// acquire that reads it synchronizes with the head of that sequence, whatever
// order this operation has. So it hands on the released view. The read comes
// first, as an acquire adds to the view that the store publishes.
void history_replace(History *history, uint64_t value, int order)
{
    const View *sequence = &store_at(history, 0)->released;
    history_read(history, 0, order);
    history_write(history, value, order);
    view_join(&store_at(history, 0)->released, sequence);
}

// An acquire fence acquires what earlier relaxed loads have read. A
// sequentially consistent one exchanges views with all such fences before it:
// of two threads that store, make a fence and load, the second to make its
// fence sees the other store (Dekker's algorithm). A release fence comes last,
// with all of that.
void history_fence(int order)
{
    if (acquires(order))
        view_join(&self->view, &self->loaded);
    if (order == memory_order_seq_cst) {
        clock_join(&self->view.visible, &total_view.visible);
        clock_join(&total_view.visible, &self->view.visible);
        self->view.fence = ++total;
    }
    if (releases(order))
        self->released = self->view;
    tick();
}
