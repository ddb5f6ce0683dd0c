// Message passing (MP): can the flag be seen without the data?
//
// The forbidden result is 10. It takes both a release (store or fence) in the
// sender and an acquire (load or fence) in the receiver to exclude it: then the
// store of x happens before the load of x.
#include "litmus.h"

THREAD(sender)
{
    SET_RELAXED(x, 1);
    FENCE_HERE();
    SET(y, 1);
    END;
}

THREAD(receiver)
{
    r[0] = GET(y);
    FENCE_HERE();
    r[1] = GET_RELAXED(x);
    END;
}

int main(void)
{
    RUN(sender, receiver);
    printf("%d%d\n", r[0], r[1]);
}
