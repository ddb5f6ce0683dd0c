// Threads that pause at random steps, so that rare interleavings become likely:
// SAN=delays. For make exercise where explore cannot run.
//
// They pause at the hooks of the library (trace_hooks.h), and at steps of the
// file that is tried, where the compiler adds a call. DELAY_SEED says where and
// how long. No thread waits for another one by this, so a program without a
// race stays right under every delay.
#include <errno.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include "base/trace_hooks.h"
#include "os/os.h"

static _Thread_local uint64_t state, steps, pause_at;

// splitmix64, by Sebastiano Vigna.
static uint64_t next(void)
{
    uint64_t z = state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

// Each thread has its own random numbers, whatever the other threads do
// meanwhile.
static void begin(void)
{
    const char *seed = getenv("DELAY_SEED");
    state = strtoull(seed ? seed : "0", NULL, 10) << 32;
    state += thread_number();
    state = next();
}

// Sleeps from 8 to 1,024 us, each length as often; or only yields to other
// threads.
static void pause_here(void)
{
    uint64_t random = next();
    if (random % 2) {
        sched_yield();
        return;
    }
    long us = 8L << (random >> 8) % 8;
    nanosleep(&(struct timespec){ .tv_nsec = us * 1000 }, NULL);
}

// The more steps a thread has made, the more rarely it pauses. So a loop of a
// million steps is not delayed much longer than a short program.
void common_delays_step(void)
{
    if (steps++ < pause_at)
        return;
    int error = errno;
    if (pause_at == 0)
        begin();
    else
        pause_here();
    pause_at = steps + next() % (4 + steps / 4);
    errno = error;
}

// The compiler adds these calls: in each basic block (code without a jump), and
// if it can, before each read and write.
void __sanitizer_cov_trace_pc(void);

void __sanitizer_cov_trace_pc(void)
{
    common_delays_step();
}

#define STEP(access)                                                           \
    void __sanitizer_cov_##access(const void *at);                             \
    void __sanitizer_cov_##access(const void *at)                              \
    {                                                                          \
        (void)at;                                                              \
        common_delays_step();                                                  \
    }

STEP(load1)
STEP(load2)
STEP(load4)
STEP(load8)
STEP(load16)
STEP(store1)
STEP(store2)
STEP(store4)
STEP(store8)
STEP(store16)
