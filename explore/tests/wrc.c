// Write-to-read causality: what the second has read is seen by the third.
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
