// Channels that are freed in another thread than the one that closed them last.
// ThreadSanitizer sees whether the library orders the two: nothing else does
// here, so the threads take turns by relaxed operations.

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "channel.h"
#include "test.h"

enum { MANY = 100 };  // more than a quarantine of freed channels keeps

static atomic_int turn;

static void wait_for_turn(int wanted)
{
    while (atomic_load_explicit(&turn, memory_order_relaxed) != wanted)
        sched_yield();
}

static void end_turn(void)
{
    atomic_fetch_add_explicit(&turn, 1, memory_order_relaxed);
}

static void open_and_close(int count)
{
    for (int i = 0; i < count; i++) {
        Port *one, *other;
        channel_open(&one, &other);
        port_close(&one);
        port_close(&other);
    }
}

static void *take_odd_turns(void *arg)
{
    wait_for_turn(1);
    open_and_close(MANY);
    end_turn();
    wait_for_turn(3);
    open_and_close(1);
    end_turn();
    return arg;
}

TEST(elsewhere, "a channel is freed in a thread that had nothing to do with it")
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, take_odd_turns, NULL) == 0);
    open_and_close(1);
    end_turn();
    wait_for_turn(2);
    open_and_close(1);
    end_turn();
    wait_for_turn(4);
    open_and_close(MANY);
    CHECK(pthread_join(thread, NULL) == 0);
}
