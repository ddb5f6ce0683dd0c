// Queues: queue.h.

#include "queue.h"

#include <stdatomic.h>

#include "bench.h"

enum { CAPACITY = 1024 };

// P senders and C receivers on one queue. The last sender closes it.
typedef struct Crowd {
    Queue *queue;
    int senders;
    long long each;  // how many items a sender sends
    _Atomic int still_sending;
    _Atomic uint64_t sum;
} Crowd;

static void send_items(Crowd *crowd)
{
    for (long long i = 0; i < crowd->each; i++)
        queue_send(crowd->queue, &(uint64_t){ (uint64_t)i });
    if (atomic_fetch_sub(&crowd->still_sending, 1) == 1)
        queue_close(crowd->queue);
}

static void receive_items(Crowd *crowd)
{
    uint64_t item, sum = 0;
    while (queue_receive(crowd->queue, &item))
        sum += item;
    atomic_fetch_add(&crowd->sum, sum);
}

static void take_part(void *context, int index)
{
    Crowd *crowd = context;
    if (index < crowd->senders)
        send_items(crowd);
    else
        receive_items(crowd);
}

// Half of the threads send; detail is the capacity.
static double many_to_many(const Cell *cell)
{
    int senders = cell->threads / 2;
    Crowd crowd = { .queue =
                        queue_new((size_t)cell->detail, sizeof(uint64_t)),
                    .senders = senders,
                    .each = cell->count / senders,
                    .still_sending = senders };
    long long ns = bench_threads(cell->threads, take_part, &crowd);
    queue_free(&crowd.queue);

    uint64_t expected = bench_sum(crowd.each) * (uint64_t)senders;
    bench_check(crowd.sum == expected, "the sum is %llu, not %llu",
                (unsigned long long)crowd.sum,
                (unsigned long long)expected);
    return (double)ns / (double)(crowd.each * senders);
}

static double solo(const Cell *cell)
{
    Queue *queue = queue_new(CAPACITY, sizeof(uint64_t));
    uint64_t item, sum = 0;
    long long start = bench_now();
    for (long long i = 0; i < cell->count; i++) {
        queue_send(queue, &(uint64_t){ (uint64_t)i });
        queue_receive(queue, &item);
        sum += item;
    }
    long long ns = bench_now() - start;
    queue_free(&queue);
    bench_check(sum == bench_sum(cell->count), "the sum is wrong");
    return (double)ns / (double)cell->count;
}

// Two threads and two queues: one asks, the other answers with one more.
typedef struct Rally {
    Queue *there, *back;
    long long rounds;
    uint64_t sum;
} Rally;

static void play(void *context, int index)
{
    Rally *rally = context;
    uint64_t ball;
    for (long long i = 0; i < rally->rounds; i++) {
        if (index == 0) {
            queue_send(rally->there, &(uint64_t){ (uint64_t)i });
            queue_receive(rally->back, &ball);
            rally->sum += ball;
        } else {
            queue_receive(rally->there, &ball);
            ball++;
            queue_send(rally->back, &ball);
        }
    }
}

static double pingpong(const Cell *cell)
{
    size_t capacity = (size_t)cell->detail;
    Rally rally = { .there = queue_new(capacity, sizeof(uint64_t)),
                    .back = queue_new(capacity, sizeof(uint64_t)),
                    .rounds = cell->count };
    long long ns = bench_threads(2, play, &rally);
    queue_free(&rally.there);
    queue_free(&rally.back);
    bench_check(rally.sum == bench_sum(cell->count + 1),
                "the sum is wrong");
    return (double)ns / (double)cell->count;
}

const Cell ours_queue_cells[] = {
    { "queue-1:1", many_to_many, 2, 40000000, CAPACITY },
    { "queue-2:2", many_to_many, 4, 40000000, CAPACITY },
    { "queue-4:4", many_to_many, 8, 40000000, CAPACITY },
    { "queue-8:8", many_to_many, 16, 40000000, CAPACITY },
    { "queue-solo", solo, 1, 40000000, 0 },
    { "queue-unbuffered", many_to_many, 2, 4000000, 0 },
    { "pingpong", pingpong, 2, 1000000, 1 },
    { "pingpong-unbuffered", pingpong, 2, 1000000, 0 },
    BENCH_END
};
