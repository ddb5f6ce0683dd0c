// A wake-up that comes while a deadline passes is either what ends this sleep,
// or kept for the next one.
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
