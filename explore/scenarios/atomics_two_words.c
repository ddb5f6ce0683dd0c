// A notify wakes only waiters on its own word, though both words may share one
// list of the parking lot.
#include "atomics.h"
#include "check.h"

static _Atomic int32_t first, second;

static void wait_for_first(void)
{
    while (atomic_load(&first) == 0)
        CHECK(atomics_wait(&first, 0) != WAIT_TIMED_OUT);
}

static void wait_for_second(void)
{
    while (atomic_load(&second) == 0)
        CHECK(atomics_wait(&second, 0) != WAIT_TIMED_OUT);
}

static void notify_both(void)
{
    atomic_store(&second, 1);
    CHECK(atomics_notify(&second, 1) <= 1);
    atomic_store(&first, 1);
    CHECK(atomics_notify(&first, 1) <= 1);
}

int main(void)
{
    TOGETHER(wait_for_first, wait_for_second, notify_both);
}
