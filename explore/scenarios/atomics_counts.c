// A notify and its waiters agree on the count: as many waiters return WAIT_OK
// as notify has reported. The critical order: a deadline passes while the
// notifier takes that waiter off the list.
#include "atomics.h"
#include "check.h"

static _Atomic int32_t word;
static atomic_int told, woken;

static void wait_a_while(void)
{
    WaitResult result = atomics_wait_until(&word, 0, deadline_in_ms(1));
    CHECK(result != WAIT_NOT_EQUAL);
    atomic_fetch_add(&told, result == WAIT_OK);
}

static void notify_one(void)
{
    int count = atomics_notify(&word, 1);
    CHECK(count <= 1);
    atomic_fetch_add(&woken, count);
}

int main(void)
{
    TOGETHER(wait_a_while, wait_a_while, notify_one);
    CHECK(told == woken);
}
