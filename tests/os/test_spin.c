// Spinning comes to an end, and gets shorter where it does not help.

#include "os/os.h"
#include "os/spin.h"
#include "test.h"

enum { MOST = 10000 };  // more looks than any spin has

// Spins without ever finding anything; returns how many looks that were.
static int spin_in_vain(SpinHabit *habit)
{
    int looks = 0;
    Spin spin = spin_start(habit);
    while (looks < MOST && spin_once(&spin))
        looks++;
    CHECK(!spin_once(&spin));
    spin_end(&spin);
    return looks;
}

// Finds it at once, with the first look.
static void spin_with_luck(SpinHabit *habit)
{
    Spin spin = spin_start(habit);
    CHECK(spin_once(&spin));
    spin_end(&spin);
}

TEST(ends, "every spin ends, and then it is time to sleep")
{
    SpinHabit habit = { 0 };
    for (int i = 0; i < 200; i++) {
        int looks = spin_in_vain(&habit);
        CHECK(looks > 0);
        CHECK(looks < 100);
    }
}

TEST(deadline, "a spin is over when its deadline has passed, and not before")
{
    SpinHabit habit = { 0 };
    Spin spin = spin_start(&habit);
    CHECK(!spin_once_until(&spin, DEADLINE_NOW));
    CHECK(!spin_once_until(&spin, deadline_in_ms(-1)));
    CHECK(spin_once_until(&spin, DEADLINE_NEVER));
    CHECK(spin_once_until(&spin, deadline_in_ms(60 * 1000)));
    CHECK(!spin_once_until(&spin, DEADLINE_NOW));
    int looks = 0;
    while (looks < MOST && spin_once_until(&spin, DEADLINE_NEVER))
        looks++;
    CHECK(looks < MOST);
    spin_end(&spin);
}

TEST(gets_shorter, "after some spins in vain they get shorter, on many cores")
{
    SpinHabit habit = { 0 };
    int first = spin_in_vain(&habit);
    for (int i = 0; i < 10; i++)
        spin_in_vain(&habit);
    int later = spin_in_vain(&habit);
    if (thread_cores() > 1)
        CHECK(later < first);
    else
        CHECK_INT(later, first);  // it was short from the start
}

TEST(tries_again, "now and then a long spin finds out whether it helps again")
{
    SpinHabit habit = { 0 };
    int first = spin_in_vain(&habit), again = 0;
    for (int i = 0; i < 1000; i++)
        again += spin_in_vain(&habit) == first;
    CHECK(again > 0);
    if (thread_cores() > 1)
        CHECK(again < 100);
}

TEST(luck, "a long spin that helps makes the next ones long again")
{
    SpinHabit habit = { 0 };
    int first = spin_in_vain(&habit);
    for (int i = 0; i < 10; i++)
        spin_in_vain(&habit);
    for (int i = 0; i < 100; i++)  // one of them is a long one
        spin_with_luck(&habit);
    CHECK_INT(spin_in_vain(&habit), first);
    CHECK_INT(spin_in_vain(&habit), first);
}

TEST(own_habits, "what one thing's habit is tells nothing of another's")
{
    SpinHabit one = { 0 }, other = { 0 };
    int first = spin_in_vain(&one);
    for (int i = 0; i < 10; i++)
        spin_in_vain(&one);
    CHECK_INT(spin_in_vain(&other), first);
}
