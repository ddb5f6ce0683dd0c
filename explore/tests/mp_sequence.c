// Release sequences (C11 5.1.2.4): a read-modify-write continues one, a store
// ends it.
//
// The receiver reads from the thread between, which is relaxed. Still it
// synchronizes with the sender, because the fetch_add belongs to the sequence
// that the sender's release heads. -DENDED: a relaxed store instead, a data
// race.
#include "litmus.h"

static int data;

THREAD(sender)
{
    data = 1;
    SET(y, 1);
    END;
}

// Relaxed on purpose: this thread itself neither acquires nor releases.
THREAD(between)
{
    if (GET_RELAXED(y) == 1) {
#ifdef ENDED
        SET_RELAXED(y, 2);
#else
        atomic_fetch_add_explicit(&y, 1, memory_order_relaxed);
#endif
    }
    END;
}

THREAD(receiver)
{
    if (GET(y) == 2)
        r[0] = data;
    END;
}

int main(void)
{
    RUN(sender, between, receiver);
    printf("%d\n", r[0]);
}
