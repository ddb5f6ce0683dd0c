// Looks for what another thread does: that one must get its turn. -DNEVER:
// it never does it.
#include "litmus.h"

THREAD(one)
{
    while (GET(x) == 0)
        continue;
    END;
}

THREAD(two)
{
#ifndef NEVER
    SET(x, 1);
#endif
    END;
}

int main(void)
{
    RUN(one, two);
    puts("over");
}
