// Message passing with plain data: a data race unless the flag's release and
// acquire make the write happen before the read.
#include "litmus.h"

static int data;

THREAD(sender)
{
    data = 1;
    FENCE_HERE();
    SET(y, 1);
    END;
}

THREAD(receiver)
{
    if (GET(y)) {
        FENCE_HERE();
        r[0] = data;
    }
    END;
}

int main(void)
{
    RUN(sender, receiver);
    printf("%d\n", r[0]);
}
