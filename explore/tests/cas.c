// Compare-and-swap: a compare-exchange that fails is only a load (C11
// 7.17.7.4).
//
// It may read an old value, and it publishes nothing. Here every value equals
// the expected one, so the strong form succeeds in all schedules. A weak one
// (-DWEAK) may fail spuriously.
#include "litmus.h"

THREAD(one)
{
    int expected = 0;
#ifdef WEAK
    r[0] = atomic_compare_exchange_weak(&x, &expected, 1);
#else
    r[0] = atomic_compare_exchange_strong(&x, &expected, 1);
#endif
    END;
}

int main(void)
{
    RUN(one);
    printf("%d\n", r[0]);
}
