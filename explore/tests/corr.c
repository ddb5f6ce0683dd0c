// Coherence: two loads of one thread never go back in time.
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
