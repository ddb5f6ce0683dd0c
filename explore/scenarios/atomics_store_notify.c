// Store first, then notify: no waiter misses the change (no lost wake-up), and
// the data written before the store are visible to both. atomics_wait compares
// and begins to wait in one step, which makes the loop right.
#include "atomics.h"
#include "check.h"

static _Atomic int32_t word;
static int data;

static void wait_for_word(void)
{
    while (atomic_load(&word) == 0)
        atomics_wait(&word, 0);
    CHECK(data == 1);
}

static void store_and_notify(void)
{
    data = 1;
    atomic_store(&word, 1);
    atomics_notify(&word, ATOMICS_ALL);
}

int main(void)
{
    TOGETHER(wait_for_word, wait_for_word, store_and_notify);
}
