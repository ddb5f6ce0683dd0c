// A queue of capacity 0 by hand: one slot, and a sender that waits until
// its item was taken.

#include <pthread.h>

#include "bench.h"

typedef struct Handover {
    pthread_mutex_t lock;
    pthread_cond_t put, taken;
    bool full;  // guarded by lock
    uint64_t item;
} Handover;

#define HANDOVER_INIT                                                      \
    {                                                                      \
        .lock = PTHREAD_MUTEX_INITIALIZER,                                 \
        .put = PTHREAD_COND_INITIALIZER, .taken = PTHREAD_COND_INITIALIZER \
    }

static void give(Handover *handover, uint64_t item)
{
    pthread_mutex_lock(&handover->lock);
    handover->item = item;
    handover->full = true;
    pthread_cond_signal(&handover->put);
    while (handover->full)
        pthread_cond_wait(&handover->taken, &handover->lock);
    pthread_mutex_unlock(&handover->lock);
}

static uint64_t take(Handover *handover)
{
    pthread_mutex_lock(&handover->lock);
    while (!handover->full)
        pthread_cond_wait(&handover->put, &handover->lock);
    uint64_t item = handover->item;
    handover->full = false;
    pthread_mutex_unlock(&handover->lock);
    pthread_cond_signal(&handover->taken);
    return item;
}

typedef struct Rally {
    Handover there, back;
    long long rounds;
    uint64_t sum;
} Rally;

static void hand_over(void *context, int index)
{
    Rally *rally = context;
    for (long long i = 0; i < rally->rounds; i++) {
        if (index == 0)
            give(&rally->there, (uint64_t)i);
        else
            rally->sum += take(&rally->there);
    }
}

static void play(void *context, int index)
{
    Rally *rally = context;
    for (long long i = 0; i < rally->rounds; i++) {
        if (index == 0) {
            give(&rally->there, (uint64_t)i);
            rally->sum += take(&rally->back);
        } else {
            give(&rally->back, take(&rally->there));
        }
    }
}

static double measure(const Cell *cell,
                      void (*body)(void *context, int index))
{
    Rally rally = { .there = HANDOVER_INIT,
                    .back = HANDOVER_INIT,
                    .rounds = cell->count };
    long long ns = bench_threads(2, body, &rally);
    bench_check(rally.sum == bench_sum(cell->count), "the sum is wrong");
    return (double)ns / (double)cell->count;
}

static double unbuffered(const Cell *cell)
{
    return measure(cell, hand_over);
}

static double pingpong(const Cell *cell)
{
    return measure(cell, play);
}

const Cell pthreads_handover_cells[] = {
    { "queue-unbuffered-by-hand", unbuffered, 2, 1000000, 0 },
    { "pingpong-unbuffered-by-hand", pingpong, 2, 1000000, 0 },
    BENCH_END
};
