// Read-read coherence (CoRR): two loads of one thread never go back in time.
//
// All orders are relaxed, so the first load may return any of 0, 1 and 2. The
// second load returns the same store or a later one in the modification order.
// Forbidden: 10, 20, 21.
#include "litmus.h"

THREAD(one)
{
    SET_RELAXED(x, 1);
    SET_RELAXED(x, 2);
    END;
}

THREAD(two)
{
    r[0] = GET_RELAXED(x);
    r[1] = GET_RELAXED(x);
    END;
}

int main(void)
{
    RUN(one, two);
    printf("%d%d\n", r[0], r[1]);
}
