// Read-modify-writes are never lost, in whatever order; loads and stores
// are.
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
