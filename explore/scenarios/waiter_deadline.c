// A wake-up that comes as the deadline passes ends this sleep, or is kept for
// the next one. It is never lost.
#include "check.h"
#include "os/os.h"

static Waiter waiter;
static int data;

static void sleep_until_woken(void)
{
    if (!waiter_sleep(&waiter, deadline_in_ms(1)))
        CHECK(waiter_sleep(&waiter, DEADLINE_NEVER));
    CHECK(data == 1);
}

static void wake(void)
{
    data = 1;
    waiter_wake(&waiter);
}

int main(void)
{
    TOGETHER(sleep_until_woken, wake);
}
