// Spinning on an atomic: the scheduler must be fair to the awaited thread.
//
// A schedule that never runs `two` would be endless, and prove nothing. With
// -DNEVER no thread stores: this run really does not end, and is a finding.
#include "litmus.h"

THREAD(one)
{
    // The same value again and again: explore notices that, and yields.
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
