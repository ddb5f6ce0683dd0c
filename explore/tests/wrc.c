// Write-to-read causality (WRC): happens-before is transitive.
//
// The second thread has read x before it stores y, so a third one that acquires
// y must see x. The forbidden result with release and acquire is 10.
#include "litmus.h"

THREAD(one)
{
    SET(x, 1);
    END;
}

THREAD(two)
{
    if (GET(x) == 1)
        SET(y, 1);
    END;
}

THREAD(three)
{
    r[0] = GET(y);
    r[1] = GET(x);
    END;
}

int main(void)
{
    RUN(one, two, three);
    printf("%d%d\n", r[0], r[1]);
}
