// Store buffering: can both miss the other one's store?
#include "litmus.h"

THREAD(one)
{
    SET(x, 1);
    FENCE_HERE();
    r[0] = GET(y);
    END;
}

THREAD(two)
{
    SET(y, 1);
    FENCE_HERE();
    r[1] = GET(x);
    END;
}

int main(void)
{
    RUN(one, two);
    printf("%d%d\n", r[0], r[1]);
}
