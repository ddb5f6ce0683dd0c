// A read-modify-write continues a release sequence; a store ends it.
#include "litmus.h"

static int data;

THREAD(sender)
{
    data = 1;
    SET(y, 1);
    END;
}

THREAD(between)
{
    if (GET_RELAXED(y) == 1) {
#ifdef ENDED
        SET_RELAXED(y, 2);
#else
        atomic_fetch_add_explicit(&y, 1, memory_order_relaxed);
#endif
    }
    END;
}

THREAD(receiver)
{
    if (GET(y) == 2)
        r[0] = data;
    END;
}

int main(void)
{
    RUN(sender, between, receiver);
    printf("%d\n", r[0]);
}
