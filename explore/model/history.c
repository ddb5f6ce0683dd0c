#include "history.h"

#include <stdatomic.h>
#include <string.h>

#include "base/give_up.h"
#include "memory.h"
#include "schedule/choice.h"
#include "schedule/point.h"
#include "schedule/steps.h"
#include "shadow.h"

enum { STORES = 8, MAX_HISTORIES = 1 << 14, OLD_IN_A_ROW = 3 };

typedef struct Store {
    uint64_t value;
    View released;   // what an acquire that reads it will see
    uint32_t time;   // of its thread
    uint32_t total;  // its number among the sequentially consistent, or 0
    uint8_t thread;
    uint32_t read[MAX_THREADS];  // when a thread first read it, or 0
} Store;

typedef struct History {
    uintptr_t address;
    int size;
    uint32_t next;   // another atomic in the same eight bytes, or 0
    unsigned count;  // of stores so far; the last STORES of them are kept
    uint8_t old_reads[MAX_THREADS];  // loads of old values in a row
    Store stores[STORES];
} History;

static History histories[MAX_HISTORIES];
static uint32_t history_count;

// The total order of sequentially consistent operations: its length, and
// what the fences in it have made visible.
static uint32_t total;
static View total_view;

void history_start(void)
{
    history_count = 0;
    total = 0;
    total_view = (View){ 0 };
}

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

static uint64_t read_memory(const void *address, int size)
{
    uint64_t value = 0;
    memcpy((char *)&value +
               (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 8 - size : 0),
           address, (size_t)size);
    return value;
}

static void write_memory(void *address, int size, uint64_t value)
{
    memcpy(address,
           (const char *)&value +
               (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 8 - size : 0),
           (size_t)size);
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

static Store *last_store(History *history)
{
    return &history->stores[(history->count - 1) % STORES];
}

// What was there before the first atomic access: everybody sees it. Whether
// that was in order is the race detector's business.
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

// clang does not tell us of every plain write to a variable on the stack: what
// we kept may be that of a variable which lay there before.
static bool is_out_of_date(History *history, const void *address)
{
    return last_store(history)->value != read_memory(address, history->size);
}

static History *history_of(const void *address, int size)
{
    Cell *cell = shadow_cell(address);
    if (cell == NULL)
        give_up("An atomic lies in memory that is not the program's own.");
    for (uint32_t i = cell->history; i != 0; i = histories[i].next)
        if (histories[i].address == (uintptr_t)address &&
            histories[i].size == size &&
            !is_out_of_date(&histories[i], address))
            return &histories[i];
    history_forget(cell, address, (size_t)size);
    return add(cell, address, size);
}

// Says whether all that can be seen with that clock includes the store, or
// that somebody read it.
static bool includes(const Clock *visible, const Store *store)
{
    if (clock_knows(visible, store->thread, store->time))
        return true;
    for (int i = 0; i < thread_count; i++)
        if (store->read[i] != 0 && clock_knows(visible, i, store->read[i]))
            return true;
    return false;
}

// Says whether the reader cannot return anything older than this store.
static bool hides_older(const Store *store, bool total_order)
{
    if (store->total != 0 && (total_order || store->total <= self->view.fence))
        return true;
    return includes(&self->view.visible, store) ||
           (total_order && includes(&total_view.visible, store));
}

// How many stores back it may look, with the last one: at least 1.
static int choices_of(History *history, int order)
{
    if (history->old_reads[self->id] >= OLD_IN_A_ROW)
        return 1;
    int kept = history->count < STORES ? (int)history->count : STORES;
    for (int back = 0; back < kept; back++)
        if (hides_older(&history->stores[(history->count - 1 - (unsigned)back) %
                                         STORES],
                        order == memory_order_seq_cst))
            return back + 1;
    return kept;
}

static void synchronize(const Store *store, int order)
{
    view_join(acquires(order) ? &self->view : &self->loaded, &store->released);
}

static uint64_t read_store(History *history, int back, int order)
{
    Store *store =
        &history->stores[(history->count - 1 - (unsigned)back) % STORES];
    if (back > 0)
        history->old_reads[self->id]++;
    else
        history->old_reads[self->id] = 0;
    if (store->read[self->id] == 0)
        store->read[self->id] = self->view.happened.of[self->id];
    synchronize(store, order);
    return store->value;
}

static void add_store(History *history, void *address, uint64_t value,
                      int order, const View *sequence)
{
    Store *store = &history->stores[history->count++ % STORES];
    *store = (Store){ .value = value,
                      .released = releases(order) ? self->view : self->released,
                      .time = self->view.happened.of[self->id],
                      .thread = (uint8_t)self->id };
    if (order == memory_order_seq_cst)
        store->total = ++total;
    if (sequence != NULL)
        view_join(&store->released, sequence);
    write_memory(address, history->size, value);
    memory_touch(address, (size_t)history->size);
    tick();
}

// A thread that looks at the same value again and again waits for another
// one.
static void notice_spinning(const void *address, uint64_t value,
                            const void *place)
{
    bool same = self->spins_on == address && self->seen == value;
    self->looks = same ? self->looks + 1 : 0;
    self->spins_on = address;
    self->seen = value;
    if (self->looks >= 6) {
        self->looks = 0;
        point_yield(place);
    }
}

static void begin(const char *name, const void *address, int size, int kind,
                  const void *place)
{
    point_at(name, address, kind, place);
    shadow_access(address, (size_t)size, kind | ATOMIC, place);
}

uint64_t history_load(const void *address, int size, int order,
                      const void *place)
{
    begin("loads", address, size, READ, place);
    History *history = history_of(address, size);
    int back = choose_value(choices_of(history, order));
    uint64_t value = read_store(history, back, order);
    steps_value(value, size, back);
    notice_spinning(address, value, place);
    return value;
}

void history_store(void *address, int size, uint64_t value, int order,
                   const void *place)
{
    begin("stores", address, size, WRITE, place);
    add_store(history_of(address, size), address, value, order, NULL);
    steps_value(value, size, 0);
    self->spins_on = NULL;
}

static void replace(History *history, void *address, uint64_t value, int order)
{
    View sequence = last_store(history)->released;
    read_store(history, 0, order);
    add_store(history, address, value, order, &sequence);
    steps_value(value, history->size, 0);
}

uint64_t history_update(void *address, int size,
                        uint64_t (*update)(uint64_t old, uint64_t operand),
                        uint64_t operand, int order, const void *place)
{
    begin("updates", address, size, WRITE, place);
    History *history = history_of(address, size);
    uint64_t old = last_store(history)->value;
    uint64_t mask = size == 8 ? UINT64_MAX : (UINT64_C(1) << size * 8) - 1;
    uint64_t value = update(old, operand) & mask;
    replace(history, address, value, order);
    if (value == old)
        notice_spinning(address, old, place);
    else
        self->spins_on = NULL;
    return old;
}

// A failure is a load: of any value that is visible and another one.
static int failing_choice(History *history, uint64_t expected, int failure)
{
    int ways = choices_of(history, failure), others = 0, backs[STORES];
    for (int back = 1; back < ways; back++)
        if (history->stores[(history->count - 1 - (unsigned)back) % STORES]
                .value != expected)
            backs[++others] = back;
    int way = choose_value(others + 1);
    return way == 0 ? 0 : backs[way];
}

bool history_compare_exchange(void *address, int size, uint64_t *expected,
                              uint64_t desired, int order, int failure,
                              bool weak, const void *place)
{
    begin("compares", address, size, WRITE, place);
    History *history = history_of(address, size);
    int back = failing_choice(history, *expected, failure);
    bool equal = back == 0 && last_store(history)->value == *expected;
    if (equal && !(weak && choose_value(2) == 1)) {
        replace(history, address, desired, order);
        self->spins_on = NULL;
        return true;
    }
    *expected = read_store(history, back, failure);
    steps_value(*expected, size, back);
    notice_spinning(address, *expected, place);
    return false;
}

void history_fence(int order, const void *place)
{
    point("fence", NULL, true, place);
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
