// A queue by hand: a ring with one mutex and two conditions. It can do less
// than plain/: an item is a number, a sender cannot be told that the queue
// is closed, and there is no deadline, no select and no capacity 0.

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "bench.h"

enum { CAPACITY = 1024 };

typedef struct HandQueue {
    pthread_mutex_t lock;
    pthread_cond_t not_empty, not_full;
    size_t capacity;
    size_t head, size;  // guarded by lock, as all that follows
    bool closed;
    uint64_t items[];
} HandQueue;

static HandQueue *hand_queue_new(size_t capacity)
{
    HandQueue *queue =
        calloc(1, sizeof *queue + capacity * sizeof queue->items[0]);
    pthread_mutex_init(&queue->lock, NULL);
    pthread_cond_init(&queue->not_empty, NULL);
    pthread_cond_init(&queue->not_full, NULL);
    queue->capacity = capacity;
    return queue;
}

static void hand_queue_send(HandQueue *queue, uint64_t item)
{
    pthread_mutex_lock(&queue->lock);
    while (queue->size == queue->capacity)
        pthread_cond_wait(&queue->not_full, &queue->lock);
    size_t end = queue->head + queue->size++;
    queue->items[end < queue->capacity ? end : end - queue->capacity] =
        item;
    pthread_mutex_unlock(&queue->lock);
    pthread_cond_signal(&queue->not_empty);
}

static bool hand_queue_receive(HandQueue *queue, uint64_t *item)
{
    pthread_mutex_lock(&queue->lock);
    while (queue->size == 0 && !queue->closed)
        pthread_cond_wait(&queue->not_empty, &queue->lock);
    bool received = queue->size > 0;
    if (received) {
        *item = queue->items[queue->head];
        if (++queue->head == queue->capacity)
            queue->head = 0;
        queue->size--;
    }
    pthread_mutex_unlock(&queue->lock);
    pthread_cond_signal(&queue->not_full);
    return received;
}

static void hand_queue_close(HandQueue *queue)
{
    pthread_mutex_lock(&queue->lock);
    queue->closed = true;
    pthread_mutex_unlock(&queue->lock);
    pthread_cond_broadcast(&queue->not_empty);
}

static void hand_queue_free(HandQueue *queue)
{
    pthread_cond_destroy(&queue->not_full);
    pthread_cond_destroy(&queue->not_empty);
    pthread_mutex_destroy(&queue->lock);
    free(queue);
}

typedef struct Crowd {
    HandQueue *queue;
    int senders;
    long long each;
    _Atomic int still_sending;
    _Atomic uint64_t sum;
} Crowd;

static void send_items(Crowd *crowd)
{
    for (long long i = 0; i < crowd->each; i++)
        hand_queue_send(crowd->queue, (uint64_t)i);
    if (atomic_fetch_sub(&crowd->still_sending, 1) == 1)
        hand_queue_close(crowd->queue);
}

static void take_part(void *context, int index)
{
    Crowd *crowd = context;
    if (index < crowd->senders) {
        send_items(crowd);
        return;
    }
    uint64_t item, sum = 0;
    while (hand_queue_receive(crowd->queue, &item))
        sum += item;
    atomic_fetch_add(&crowd->sum, sum);
}

static double many_to_many(const Cell *cell)
{
    int senders = cell->threads / 2;
    Crowd crowd = { .queue = hand_queue_new(CAPACITY),
                    .senders = senders,
                    .each = cell->count / senders,
                    .still_sending = senders };
    long long ns = bench_threads(cell->threads, take_part, &crowd);
    hand_queue_free(crowd.queue);
    bench_check(crowd.sum == bench_sum(crowd.each) * (uint64_t)senders,
                "the sum is wrong");
    return (double)ns / (double)(crowd.each * senders);
}

static double solo(const Cell *cell)
{
    HandQueue *queue = hand_queue_new(CAPACITY);
    uint64_t item, sum = 0;
    long long start = bench_now();
    for (long long i = 0; i < cell->count; i++) {
        hand_queue_send(queue, (uint64_t)i);
        hand_queue_receive(queue, &item);
        sum += item;
    }
    long long ns = bench_now() - start;
    hand_queue_free(queue);
    bench_check(sum == bench_sum(cell->count), "the sum is wrong");
    return (double)ns / (double)cell->count;
}

typedef struct Rally {
    HandQueue *there, *back;
    long long rounds;
    uint64_t sum;
} Rally;

static void play(void *context, int index)
{
    Rally *rally = context;
    uint64_t ball = 0;
    for (long long i = 0; i < rally->rounds; i++) {
        if (index == 0) {
            hand_queue_send(rally->there, (uint64_t)i);
            hand_queue_receive(rally->back, &ball);
            rally->sum += ball;
        } else {
            hand_queue_receive(rally->there, &ball);
            hand_queue_send(rally->back, ball + 1);
        }
    }
}

static double pingpong(const Cell *cell)
{
    Rally rally = { .there = hand_queue_new(1),
                    .back = hand_queue_new(1),
                    .rounds = cell->count };
    long long ns = bench_threads(2, play, &rally);
    hand_queue_free(rally.there);
    hand_queue_free(rally.back);
    bench_check(rally.sum == bench_sum(cell->count + 1),
                "the sum is wrong");
    return (double)ns / (double)cell->count;
}

const Cell pthreads_queue_cells[] = {
    { "queue-1:1-by-hand", many_to_many, 2, 20000000, 0 },
    { "queue-2:2-by-hand", many_to_many, 4, 20000000, 0 },
    { "queue-4:4-by-hand", many_to_many, 8, 20000000, 0 },
    { "queue-8:8-by-hand", many_to_many, 16, 20000000, 0 },
    { "queue-solo-by-hand", solo, 1, 20000000, 0 },
    { "pingpong-by-hand", pingpong, 2, 1000000, 0 },
    BENCH_END
};
