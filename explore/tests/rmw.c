// Atomicity: no read-modify-write is lost, in whatever memory order.
//
// A fetch_add reads the last store of the modification order (C11 7.17.3). A
// load and a store apart (-DAPART) lose an update, although there is no data
// race.
#include "litmus.h"

THREAD(one)
{
#ifdef APART
    SET_RELAXED(x, GET_RELAXED(x) + 1);
#else
    atomic_fetch_add_explicit(&x, 1, memory_order_relaxed);
#endif
    END;
}

int main(void)
{
    RUN(one, one);
    printf("%d\n", GET_RELAXED(x));
}
