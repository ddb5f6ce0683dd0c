// Lock and Waiter, both one word on a futex (os_futex.c). The state says
// whether a thread may be asleep, so that the fast paths make no system call: a
// word that the waker changes anyway is also what the sleeper compares, and no
// wake-up is lost. The futex may wake a thread spuriously; each sleep is a
// loop.
//
// A release is an exchange with memory_order_release, and the thread that gets
// the lock or the wake-up acquires: what came before happens before what
// follows.
#include "base/base.h"

#include "os.h"

// The three-state mutex of U. Drepper, "Futexes are tricky" (2011): FREE,
// TAKEN, or CONTENDED when a thread may sleep for it. A thread that has slept
// takes the lock as CONTENDED, because more of them may be asleep. Before it
// sleeps it spins for a moment (an adaptive mutex). The lock is not fair, and
// does nothing against priority inversion, but that it is held for a few
// instructions only.
enum { FREE, TAKEN, CONTENDED };
enum { LOCK_TRIES = 40 };

bool lock_try(Lock *lock) LOCKS_UNCHECKED
{
    uint32_t expected = FREE;
    return atomic_compare_exchange_strong_explicit(&lock->state, &expected,
                                                   TAKEN, memory_order_acquire,
                                                   memory_order_relaxed);
}

// Clang takes these at their word.
void lock_acquire(Lock *lock) LOCKS_UNCHECKED
{
    if (lock_try(lock))
        return;
    // With one core the holder cannot go on while this thread spins.
    for (int i = thread_cores() > 1 ? LOCK_TRIES : 0; i > 0; i--) {
        spin_pause();
        if (lock_try(lock))
            return;
    }
    while (atomic_exchange_explicit(&lock->state, CONTENDED,
                                    memory_order_acquire) != FREE)
        futex_wait(&lock->state, CONTENDED, DEADLINE_NEVER);
}

void lock_release(Lock *lock) LOCKS_UNCHECKED
{
    uint32_t before =
        atomic_exchange_explicit(&lock->state, FREE, memory_order_release);
    if (before == CONTENDED)
        futex_wake(&lock->state);
}

// A Waiter's states. Only the thread that sleeps sets AWAKE and ASLEEP; a waker
// sets WOKEN, which stays until a sleep takes it.
enum { AWAKE, ASLEEP, WOKEN };

void waiter_wake(Waiter *waiter)
{
    uint32_t before =
        atomic_exchange_explicit(&waiter->state, WOKEN, memory_order_release);
    if (before == ASLEEP)
        futex_wake(&waiter->state);
}

bool waiter_is_woken(const Waiter *waiter)
{
    return atomic_load_explicit(&waiter->state, memory_order_acquire) == WOKEN;
}

bool waiter_doze(Waiter *waiter, Deadline deadline)
{
    while (!waiter_is_woken(waiter) && deadline_remaining_ns(deadline) > 0) {
        uint32_t awake = AWAKE;
        // Fails when the thread was asleep before, or is woken: both are fine.
        // Relaxed: the loop's condition acquires.
        atomic_compare_exchange_strong_explicit(&waiter->state, &awake, ASLEEP,
                                                memory_order_relaxed,
                                                memory_order_relaxed);
        if (awake != WOKEN) {
            TRACED(falls_asleep());
            futex_wait(&waiter->state, ASLEEP, deadline);
        }
    }
    return waiter_is_woken(waiter);
}

// Takes the wake-up, also one that came just after the deadline: so it
// acquires.
bool waiter_sleep(Waiter *waiter, Deadline deadline)
{
    waiter_doze(waiter, deadline);
    uint32_t before =
        atomic_exchange_explicit(&waiter->state, AWAKE, memory_order_acquire);
    TRACED(wake(before == WOKEN));
    return before == WOKEN;
}

void waiter_spin(Waiter *waiter, SpinHabit *habit, Deadline deadline)
{
    Spin spin = spin_start(habit);
    while (!waiter_is_woken(waiter) && spin_once_until(&spin, deadline))
        continue;
    spin_end(&spin);
}
