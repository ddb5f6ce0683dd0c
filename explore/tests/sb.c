// Store buffering (SB): can both threads miss the other one's store?
//
// The forbidden result is 00. Only sequential consistency excludes it, of all
// four operations or by a fence between store and load: release and acquire do
// not order a store before a later load. It is the heart of Dekker's algorithm.
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
