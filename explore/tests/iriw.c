// Independent reads of independent writes (IRIW): can two readers disagree on
// the order of two stores?
//
// With release and acquire they can: C11 has no single order of all stores.
// With sequential consistency, of all operations or by fences, they cannot.
#include "litmus.h"

THREAD(one)
{
    SET(x, 1);
    END;
}

THREAD(two)
{
    SET(y, 1);
    END;
}

// Reads x before y; the other reader does it the other way round.
THREAD(three)
{
    r[0] = GET(x);
    FENCE_HERE();
    r[1] = GET(y);
    END;
}

THREAD(four)
{
    r[2] = GET(y);
    FENCE_HERE();
    r[3] = GET(x);
    END;
}

int main(void)
{
    RUN(one, two, three, four);
    int all = r[0] * 1000 + r[1] * 100 + r[2] * 10 + r[3];
    // 1010: one reader saw x = 1 and then y = 0, the other y = 1 and then x =
    // 0.
    puts(all == 1010 ? "disagree" : "agree");
}
