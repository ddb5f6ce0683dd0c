// A waiter says with a flag that it waits, and the other thread notifies only
// if it sees the flag: as in Dekker's algorithm each stores one word and then
// reads the other. Sequential consistency: at least one of the two sees the
// other's store, also where the read is the one that atomics_wait does.
#include "atomics.h"
#include "check.h"

static _Atomic int32_t word, waits;

static void wait_for_word(void)
{
    atomic_store(&waits, 1);
    while (atomics_wait(&word, 0) != WAIT_NOT_EQUAL)
        continue;
}

static void store_and_look(void)
{
    atomic_store(&word, 1);
    if (atomic_load(&waits) == 1)
        atomics_notify(&word, 1);
}

int main(void)
{
    TOGETHER(wait_for_word, store_and_look);
}
