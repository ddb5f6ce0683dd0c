// Load buffering (LB): C11 lets both relaxed loads return the other thread's
// later store, 11. explore does not model that: a load returns only stores that
// came before it in the run.
#include "litmus.h"

THREAD(one)
{
    r[0] = GET(x);
    SET(y, 1);
    END;
}

THREAD(two)
{
    r[1] = GET(y);
    SET(x, 1);
    END;
}

int main(void)
{
    RUN(one, two);
    printf("%d%d\n", r[0], r[1]);
}
