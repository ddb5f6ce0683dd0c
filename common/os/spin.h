// Spinning: to look again and again for what another thread is about to do.
//
// Sleeping and being woken costs as much as thousands of looks, so a short wait
// is better spun: first with pauses, which leave the core to ourselves, then by
// giving the core away, and then it is time to sleep (os.h).
//
//     Spin spin = spin_start(&habit);
//     while (!is_there() && spin_once(&spin))
//         continue;
//     spin_end(&spin);
//
// Compiled with -DFEW_TRIES the library soon sleeps: for explore/, which tries
// out every schedule, and would else see mostly those in which nobody does.

#ifndef SPIN_H
#define SPIN_H

#include "base/names.h"

#include <stdatomic.h>
#include <stdbool.h>

#include "deadline.h"

// Remembers whether pauses have helped lately: they do not when the other
// thread needs our core. One for each thing that is waited for; all zeros at
// first. Any thread may use it; it is a hint, so its order does not matter.
typedef struct SpinHabit {
    _Atomic unsigned in_vain;  // spins in a row
} SpinHabit;

typedef struct Spin {
    SpinHabit *habit;
    bool patient;
    unsigned step;
} Spin;

// The usual spin looks often at first. A patient one begins with its longest
// pause: for who waits for room, of which there should be more than a little.
Spin spin_start(SpinHabit *habit);
Spin spin_start_patiently(SpinHabit *habit);

// Lets a moment pass. Returns false, at once, when it is time to sleep.
bool spin_once(Spin *spin);

// The same, and false when the deadline has passed: on a busy machine a core
// that was given away comes back milliseconds later, every time.
bool spin_once_until(Spin *spin, Deadline deadline);

void spin_end(const Spin *spin);

// Tells the core that we only wait, and for a moment.
void spin_pause(void);

// Lets other threads run: for what another thread, which may have been stopped
// in the middle of it, finishes in a few instructions.
void spin_yield(void);

#endif
