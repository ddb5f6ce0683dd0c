// Independent reads of independent writes: can two readers disagree on
// which store was first? Prints only that one.
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
    puts(all == 1010 ? "disagree" : "agree");
}
