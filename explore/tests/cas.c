// A compare-exchange that fails is a load: it may see an old value, and
// publishes nothing. A weak one may fail without a reason.
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
