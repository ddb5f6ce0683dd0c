// Threads of two real-time priorities (SCHED_FIFO) on one core: the urgent one
// waits for the other, and must let it run. Needs the right to set priorities.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE  // pthread_setaffinity_np
#endif
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "os/os.h"
#include "os/spin.h"
#include "test.h"

enum { LOW = 1, HIGH = 2 };

static int with_priority(int priority)
{
    struct sched_param parameters = { .sched_priority = priority };
    return pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameters);
}

// The whole process, on the first core on which it may run.
static void begin_urgent(void)
{
#ifdef __linux__
    const char *emulator = getenv("RUNNER");
    if (emulator && *emulator)
        test_skip("an emulator has threads of its own");
    cpu_set_t cores, one;
    CPU_ZERO(&one);
    CHECK(sched_getaffinity(0, sizeof cores, &cores) == 0);
    for (int core = 0; CPU_COUNT(&one) == 0; core++)
        if (CPU_ISSET(core, &cores))
            CPU_SET(core, &one);
    CHECK(sched_setaffinity(0, sizeof one, &one) == 0);
    if (with_priority(HIGH) != 0)
        test_skip("this user may not set priorities");
    alarm(5);  // if the urgent thread spins forever, no other program gets on
#else
    test_skip("only Linux puts threads on one core");
#endif
}

static atomic_bool is_set;

static void *set_with_low_priority(void *unused)
{
    CHECK(with_priority(LOW) == 0);
    atomic_store(&is_set, true);
    return unused;
}

TEST(yields, "a loop with yields lets a thread of a lower priority run")
{
    begin_urgent();
    pthread_t low;
    CHECK(pthread_create(&low, NULL, set_with_low_priority, NULL) == 0);
    unsigned turns = 0;
    while (!atomic_load(&is_set))
        spin_yield(&turns);
    CHECK(pthread_join(low, NULL) == 0);
}

static Lock lock;
static atomic_bool taken;

// Computes with the lock, so that it needs its core.
static void *keep_with_low_priority(void *unused)
{
    lock_acquire(&lock);
    CHECK(with_priority(LOW) == 0);
    atomic_store(&taken, true);
    Deadline end = deadline_in_ms(*(int *)unused);
    while (deadline_remaining_ns(end) > 0)
        continue;
    lock_release(&lock);
    return NULL;
}

static void start_keeper(pthread_t *low, int ms)
{
    static int kept_ms;
    kept_ms = ms;
    begin_urgent();
    CHECK(pthread_create(low, NULL, keep_with_low_priority, &kept_ms) == 0);
    while (!atomic_load(&taken))
        usleep(1000);
}

TEST(try_gives_up, "a try comes back, and its thread has the core again")
{
    pthread_t low;
    start_keeper(&low, 500);
    CHECK(!lock_try(&lock));
    CHECK(pthread_join(low, NULL) == 0);
}

TEST(try_waits, "a try waits for a lock that is free in a moment")
{
    pthread_t low;
    start_keeper(&low, 2);
    bool has_lock = lock_try(&lock);
    if (has_lock)
        lock_release(&lock);
    CHECK(has_lock);
    CHECK(pthread_join(low, NULL) == 0);
}
