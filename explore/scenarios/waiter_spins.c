// Spin-then-park: two threads wake each other, and the phase of spinning loses
// no wake-up.
#include "check.h"
#include "os/os.h"

static SpinHabit habit;
static Waiter left, right;
static int from_left, from_right;

static bool spin_and_sleep(Waiter *waiter)
{
    waiter_spin(waiter, &habit, DEADLINE_NEVER);
    return waiter_sleep(waiter, DEADLINE_NEVER);
}

static void go_left(void)
{
    from_left = 1;
    waiter_wake(&right);
    CHECK(spin_and_sleep(&left));
    CHECK(from_right == 1);
}

static void go_right(void)
{
    from_right = 1;
    waiter_wake(&left);
    CHECK(spin_and_sleep(&right));
    CHECK(from_left == 1);
}

int main(void)
{
    TOGETHER(go_left, go_right);
}
