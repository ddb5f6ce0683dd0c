// Write-read coherence (CoWR): a thread never reads a store older than its own.
//
// Each thread stores, then loads. It gets its own value, or that of the other
// thread if that store is later in the modification order. Forbidden: any 0,
// 21.
#include "litmus.h"

THREAD(one)
{
    SET_RELAXED(x, 1);
    r[0] = GET_RELAXED(x);
    END;
}

THREAD(two)
{
    SET_RELAXED(x, 2);
    r[1] = GET_RELAXED(x);
    END;
}

int main(void)
{
    RUN(one, two);
    printf("%d%d\n", r[0], r[1]);
}
