// Coherence: a thread never reads anything older than its own store.
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
