// Shared by tests of several parts of the library: a place where threads meet,
// random numbers that are the same in every run, and moments.

#ifndef KIT_H
#define KIT_H

#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>

#include "deadline.h"
#include "os/spin.h"

// Returns when `all` threads have come to this round; rounds count from 0.
static inline void meet(atomic_int *come, int all, int round)
{
    atomic_fetch_add(come, 1);
    while (atomic_load(come) < all * (round + 1))
        sched_yield();
}

static inline unsigned random_below(unsigned *state, unsigned limit)
{
    *state = *state * 1103515245 + 12345;
    return (*state >> 16) % limit;
}

// 64 random bits (xorshift). The state is not 0.
static inline uint64_t random_word(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

// Another number in every call; each thread has the same ones.
static inline unsigned my_random_below(unsigned limit)
{
    static _Thread_local unsigned state = 1;
    return random_below(&state, limit);
}

// A number of pauses for let_pass: moments of all lengths, up to about that
// after which a wait falls asleep.
static inline unsigned random_moment(void)
{
    return my_random_below(my_random_below(8) ? 100 : 2000);
}

static inline void let_pass(unsigned moment)
{
    for (unsigned i = 0; i < moment; i++)
        spin_pause();
}

static inline Deadline far_away(void)
{
    return deadline_in_ms(1000 * 1000);
}

#endif
