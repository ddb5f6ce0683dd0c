// Spinning: a thread looks again and again until another thread has done
// something.
//
// Sleeping and being woken costs as much as thousands of looks, so a short wait
// is better spun: first with pauses, in which the thread keeps its core, then
// by giving the core away, and then it is time to sleep (os.h). This is called
// spin-then-park, or an adaptive mutex when it is done for a lock.
//
//     Spin spin = spin_start(&habit);
//     while (!is_there() && spin_once(&spin))
//         continue;
//     spin_end(&spin);
//
// Compiled with -DFEW_TRIES the library soon sleeps: for explore/, which tries
// every schedule, and would otherwise mostly see schedules without a sleep.

#ifndef SPIN_H
#define SPIN_H

#include "base/names.h"

#include "deadline.h"

// Remembers whether pauses have helped lately: they do not when the other
// thread needs this core. One for each thing that is waited for; all zeros at
// first. Any thread may use it; it is a hint, so its order does not matter.
typedef struct SpinHabit {
    _Atomic unsigned in_vain;  // spins in a row
} SpinHabit;

typedef struct Spin {
    SpinHabit *habit;
    bool patient;  // see spin_start
    unsigned step;
} Spin;

// The usual spin looks often at first. A caller may set `patient` after this:
// then the spin begins with its longest pause. That is for a sender that waits
// for room, so that there is more than a little.
Spin spin_start(SpinHabit *habit);

// Lets a moment pass. Returns false, at once, when it is time to sleep.
bool spin_once(Spin *spin);

// The same, and false when the deadline has passed: on a busy machine a core
// that was given away comes back milliseconds later, every time.
static inline bool spin_once_until(Spin *spin, Deadline deadline)
{
    return deadline_remaining_ns(deadline) > 0 && spin_once(spin);
}

void spin_end(const Spin *spin);

// Tells the core that this thread only waits, and for a moment.
void spin_pause(void);

// Lets other threads run: when one of them, which may have been stopped, needs
// only a few instructions more to finish. `turns` counts, from 0. After some
// turns each one is a sleep, of up to a millisecond: a thread of a lower
// priority on the same core (SCHED_FIFO) gets no turn by a yield, and the loop
// would be a livelock. errno stays as it is.
void spin_yield(unsigned *turns);

// After so many turns, some 0.2 seconds, a try gives up.
enum { SPIN_TURNS = 320 };

#endif
