// Spin-then-park, the spinning half: some pauses, then some yields, then the
// caller parks its thread (sleeps in a Waiter). It adapts: when pauses have not
// helped several times in a row, they are left out. All counts are hints, and
// relaxed; no data is passed by them.
#include "base/base.h"

#include "spin.h"

#include <sched.h>
#include <time.h>

#include "os.h"

// How long each pause is. The last is long so that the other thread gets ahead:
// its items then come in batches, and the two threads do not fight over a cache
// line for each single item.
static const unsigned char pauses[] = { 1, 1, 1, 1, 1, 1, 2, 2, 4, 64 };

#ifdef FEW_TRIES
enum { YIELDS = 1 };
#else
enum { YIELDS = 16 };
#endif

enum {
    PAUSES = sizeof pauses,
    IN_VAIN = 4,     // after so many spins that did not help it pauses no more,
    TRY_AGAIN = 64,  // but for once in so many
};

void spin_pause(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__("isb");
#endif
}

void spin_yield(unsigned *turns)
{
    enum { TURNS = 100, SHORTEST_NS = 50 * 1000, LONGEST_NS = 1000 * 1000 };
    int error = errno;
    unsigned turn = (*turns)++;
    if (turn < TURNS) {
        sched_yield();
    } else {
        long ns = turn - TURNS < 5 ? SHORTEST_NS << (turn - TURNS) : LONGEST_NS;
        nanosleep(&(struct timespec){ .tv_nsec = ns }, NULL);
    }
    errno = error;
}

Spin spin_start(SpinHabit *habit)
{
    unsigned in_vain =
        atomic_load_explicit(&habit->in_vain, memory_order_relaxed);
    bool pause = in_vain < IN_VAIN || in_vain % TRY_AGAIN == 0;
    return (Spin){ .habit = habit,
                   .step = pause && thread_cores() > 1 ? 0 : PAUSES };
}

bool spin_once(Spin *spin)
{
    if (spin->step >= PAUSES + YIELDS)
        return false;
    unsigned step = spin->step++;
    if (step >= PAUSES) {
        sched_yield();
        return true;
    }
    unsigned count = pauses[spin->patient ? PAUSES - 1 - step : step];
    for (unsigned i = 0; i < count; i++)
        spin_pause();
    return true;
}

void spin_end(const Spin *spin)
{
    unsigned before =
        atomic_load_explicit(&spin->habit->in_vain, memory_order_relaxed);
    unsigned after = spin->step < PAUSES ? 0 : before + 1;
    if (after != before)  // a store takes the cache line from other cores
        atomic_store_explicit(&spin->habit->in_vain, after,
                              memory_order_relaxed);
}
