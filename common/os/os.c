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

// The three-state mutex of U. Drepper, "Futexes are tricky" (2011): free,
// taken, or contended when a thread may sleep for it. A thread that has slept
// takes the lock as contended, because more of them may be asleep. Before it
// sleeps it spins for a moment (an adaptive mutex). The lock is not fair, and
// does nothing against priority inversion, but that it is held for a few
// instructions only.
//
// A lock that is taken holds its owner's number, as the kernel's
// priority-inheritance futexes do. Only a signal handler finds the number of
// its own thread there: it has interrupted the owner, and would wait forever.
enum { FREE, CONTENDED };  // the owner's number stands above this bit
enum { LOCK_TRIES = 40 };

// Relaxed: each addition gives another number. Numbers come again after two
// billion threads; 0 is none's.
static uint32_t own_mark(void)
{
    static _Atomic uint32_t last;
    static _Thread_local uint32_t mark;
    while (mark == 0)
        mark = atomic_fetch_add_explicit(&last, 2, memory_order_relaxed) + 2;
    return mark;
}

// These return FREE when they have taken the lock, otherwise the state that
// they found. Acquire: all that the last owner did happens before this.
static uint32_t take(Lock *lock, uint32_t as)
{
    uint32_t found = FREE;
    atomic_compare_exchange_strong_explicit(&lock->state, &found, as,
                                            memory_order_acquire,
                                            memory_order_relaxed);
    return found;
}

// With one core the owner cannot go on while this thread spins.
static uint32_t take_soon(Lock *lock, uint32_t as)
{
    uint32_t found = take(lock, as);
    if (found == FREE)
        return FREE;
    for (int i = thread_cores() > 1 ? LOCK_TRIES : 0; i > 0 && found; i--) {
        spin_pause();
        found = take(lock, as);
    }
    return found;
}

static bool is_owner(uint32_t own, uint32_t state)
{
    return (state & ~(uint32_t)CONTENDED) == own;
}

// Clang takes these at their word.
void lock_acquire(Lock *lock) LOCKS_UNCHECKED
{
    uint32_t own = own_mark();
    if (take_soon(lock, own) == FREE)
        return;
    for (uint32_t found; (found = take(lock, own | CONTENDED)) != FREE;) {
        if (is_owner(own, found))
            die(CALLED_IN_A_HANDLER);
        // Relaxed: a hint for the owner, and no data is passed by it. When this
        // fails, the owner has changed, and no thread sleeps.
        if (atomic_compare_exchange_strong_explicit(&lock->state, &found,
                                                    found | CONTENDED,
                                                    memory_order_relaxed,
                                                    memory_order_relaxed))
            futex_wait(&lock->state, found | CONTENDED, DEADLINE_NEVER);
    }
}

bool lock_try(Lock *lock) LOCKS_UNCHECKED
{
    uint32_t own = own_mark(), found = take_soon(lock, own);
    for (unsigned turns = 0; found != FREE; found = take(lock, own)) {
        if (is_owner(own, found) || turns >= SPIN_TURNS)
            return false;
        spin_yield(&turns);
    }
    return true;
}

void lock_release(Lock *lock) LOCKS_UNCHECKED
{
    uint32_t before =
        atomic_exchange_explicit(&lock->state, FREE, memory_order_release);
    if (before & CONTENDED)
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
