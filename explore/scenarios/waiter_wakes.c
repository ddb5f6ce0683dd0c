// A woken thread sees all that the waker did before (release and acquire),
// whether it slept yet or not. The same Waiter can be used again.
#include "check.h"
#include "os/os.h"

static Waiter waiter, answered;
static int data;

static void sleep_twice(void)
{
    CHECK(waiter_sleep(&waiter, DEADLINE_NEVER));
    CHECK(data == 1);
    data = 2;
    waiter_wake(&answered);
    CHECK(waiter_sleep(&waiter, DEADLINE_NEVER));
    CHECK(data == 3);
}

static void wake_twice(void)
{
    data = 1;
    waiter_wake(&waiter);
    CHECK(waiter_sleep(&answered, DEADLINE_NEVER));
    CHECK(data == 2);
    data = 3;
    waiter_wake(&waiter);
}

int main(void)
{
    TOGETHER(sleep_twice, wake_twice);
}
