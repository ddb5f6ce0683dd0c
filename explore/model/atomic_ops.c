// The program's atomic operations (C11 7.17.7), with a scheduling point before
// each.
//
// Two things are chosen: which thread runs before the operation takes place,
// and which of the visible stores a load returns. An operation itself is atomic
// because no other thread runs until the next point. Each is also noted in the
// shadow memory, since an atomic and a plain access to the same bytes can be a
// data race.

#include "atomic_ops.h"

#include "history.h"
#include "schedule/choice.h"
#include "schedule/point.h"
#include "schedule/steps.h"
#include "shadow.h"

// A loop that spins until another thread stores would fill the run with loads
// of the same value. After six of them the thread yields: more looks could not
// change anything until another thread has run.
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

// The point comes before the history is looked up: another thread may store, or
// free the memory, at exactly this place.
static History *begin(const char *name, const void *address, int size, int kind,
                      const void *place)
{
    point_at(name, address, kind, place);
    shadow_access(address, (size_t)size, kind | ATOMIC, place);
    return history_of(address, size);
}

uint64_t atomic_op_load(const void *address, int size, int order,
                        const void *place)
{
    History *history = begin("loads", address, size, READ, place);
    int back = choose_value(history_choices(history, order));
    uint64_t value = history_read(history, back, order);
    steps_value(value, size, back);
    notice_spinning(address, value, place);
    return value;
}

void atomic_op_store(void *address, int size, uint64_t value, int order,
                     const void *place)
{
    history_write(begin("stores", address, size, WRITE, place), value, order);
    steps_value(value, size, 0);
    self->spins_on = NULL;
}

// A read-modify-write always reads the last value of the modification order
// (7.17.3), so there is no choice. One that changes nothing can be a spin, too:
// test-and-set on a lock that is taken.
uint64_t atomic_op_update(void *address, int size,
                          uint64_t (*update)(uint64_t old, uint64_t operand),
                          uint64_t operand, int order, const void *place)
{
    History *history = begin("updates", address, size, WRITE, place);
    uint64_t old = history_value(history, 0);
    uint64_t mask = size == 8 ? UINT64_MAX : (UINT64_C(1) << size * 8) - 1;
    uint64_t value = update(old, operand) & mask;
    history_replace(history, value, order);
    steps_value(value, size, 0);
    if (value == old)
        notice_spinning(address, old, place);
    else
        self->spins_on = NULL;
    return old;
}

// A failure is only a load (7.17.7.4), with the failure order. So it may read
// an older store, as long as that has not the expected value.
static int failing_choice(History *history, uint64_t expected, int failure)
{
    int ways = history_choices(history, failure), others = 0, backs[MAX_STORES];
    for (int back = 1; back < ways; back++)
        if (history_value(history, back) != expected)
            backs[++others] = back;
    int way = choose_value(others + 1);
    return way == 0 ? 0 : backs[way];
}

// Success needs the newest value, and for a weak one that no spurious failure
// is chosen. A failure does not store, so it releases nothing.
bool atomic_op_compare_exchange(void *address, int size, uint64_t *expected,
                                uint64_t desired, int order, int failure,
                                bool weak, const void *place)
{
    History *history = begin("compares", address, size, WRITE, place);
    int back = failing_choice(history, *expected, failure);
    bool equal = back == 0 && history_value(history, 0) == *expected;
    if (equal && !(weak && choose_value(2) == 1)) {
        history_replace(history, desired, order);
        steps_value(desired, size, 0);
        self->spins_on = NULL;
        return true;
    }
    *expected = history_read(history, back, failure);
    steps_value(*expected, size, back);
    notice_spinning(address, *expected, place);
    return false;
}

// A fence names no object, so it counts as contended: it can order accesses to
// every object.
void atomic_op_fence(int order, const void *place)
{
    point("fence", NULL, true, place);
    history_fence(order);
}
