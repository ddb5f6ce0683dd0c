// Load buffering: C11 lets relaxed loads return what is stored later.
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
