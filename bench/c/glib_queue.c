// GAsyncQueue: unbounded, so that a sender never waits. It holds pointers,
// of which NULL is none; numbers go as pointers, one up, and a pointer to
// `end` tells a receiver that no more will come.

#include <glib.h>
#include <stdatomic.h>
#include <string.h>

#include "bench.h"

static char end;

static gpointer from_number(guint64 number)
{
    return GSIZE_TO_POINTER((gsize)number + 1);
}

static guint64 to_number(gpointer item)
{
    return (guint64)GPOINTER_TO_SIZE(item) - 1;
}

typedef struct Crowd {
    GAsyncQueue *queue;
    int senders;
    long long each;
    _Atomic int still_sending;
    _Atomic guint64 sum;
} Crowd;

static void send_items(Crowd *crowd)
{
    for (long long i = 0; i < crowd->each; i++)
        g_async_queue_push(crowd->queue, from_number((guint64)i));
    if (atomic_fetch_sub(&crowd->still_sending, 1) == 1)
        for (int receiver = 0; receiver < crowd->senders; receiver++)
            g_async_queue_push(crowd->queue, &end);
}

static void take_part(void *context, int index)
{
    Crowd *crowd = context;
    if (index < crowd->senders) {
        send_items(crowd);
        return;
    }
    gpointer item;
    guint64 sum = 0;
    while ((item = g_async_queue_pop(crowd->queue)) != &end)
        sum += to_number(item);
    atomic_fetch_add(&crowd->sum, sum);
}

static double many_to_many(const Cell *cell)
{
    int senders = cell->threads / 2;
    Crowd crowd = { .queue = g_async_queue_new(),
                    .senders = senders,
                    .each = cell->count / senders,
                    .still_sending = senders };
    long long ns = bench_threads(cell->threads, take_part, &crowd);
    g_async_queue_unref(crowd.queue);
    bench_check(crowd.sum == bench_sum(crowd.each) * (guint64)senders,
                "the sum is wrong");
    return (double)ns / (double)(crowd.each * senders);
}

static double solo(const Cell *cell)
{
    GAsyncQueue *queue = g_async_queue_new();
    guint64 sum = 0;
    long long start = bench_now();
    for (long long i = 0; i < cell->count; i++) {
        g_async_queue_push(queue, from_number((guint64)i));
        sum += to_number(g_async_queue_pop(queue));
    }
    long long ns = bench_now() - start;
    g_async_queue_unref(queue);
    bench_check(sum == bench_sum(cell->count), "the sum is wrong");
    return (double)ns / (double)cell->count;
}

typedef struct Rally {
    GAsyncQueue *there, *back;
    long long rounds;
    guint64 sum;
} Rally;

static void play(void *context, int index)
{
    Rally *rally = context;
    for (long long i = 0; i < rally->rounds; i++) {
        if (index == 0) {
            g_async_queue_push(rally->there, from_number((guint64)i));
            rally->sum += to_number(g_async_queue_pop(rally->back));
        } else {
            guint64 ball = to_number(g_async_queue_pop(rally->there));
            g_async_queue_push(rally->back, from_number(ball + 1));
        }
    }
}

static double pingpong(const Cell *cell)
{
    Rally rally = { .there = g_async_queue_new(),
                    .back = g_async_queue_new(),
                    .rounds = cell->count };
    long long ns = bench_threads(2, play, &rally);
    g_async_queue_unref(rally.there);
    g_async_queue_unref(rally.back);
    bench_check(rally.sum == bench_sum(cell->count + 1),
                "the sum is wrong");
    return (double)ns / (double)cell->count;
}

// Text of 20 characters, or a number that is formatted: a copy each, which
// the receiver frees.
static const char text[] = "twenty characters...";

typedef struct Line {
    GAsyncQueue *queue;
    const Cell *cell;
    guint64 bytes;
} Line;

static void post_or_receive(void *context, int index)
{
    Line *line = context;
    for (long long i = 0; i < line->cell->count; i++) {
        if (index == 0) {
            g_async_queue_push(line->queue,
                               line->cell->detail == 0
                                   ? g_strdup(text)
                                   : g_strdup_printf("message %lld", i));
        } else {
            char *received = g_async_queue_pop(line->queue);
            line->bytes += strlen(received);
            g_free(received);
        }
    }
}

static guint64 bytes_of_numbers(long long count)
{
    guint64 bytes = 0;
    for (long long i = 0; i < count; i++) {
        bytes += strlen("message 0");
        for (long long rest = i; rest >= 10; rest /= 10)
            bytes++;
    }
    return bytes;
}

static double one_way(const Cell *cell)
{
    Line line = { .queue = g_async_queue_new(), .cell = cell };
    long long ns = bench_threads(2, post_or_receive, &line);
    g_async_queue_unref(line.queue);
    guint64 expected = cell->detail == 0
                           ? (guint64)cell->count * strlen(text)
                           : bytes_of_numbers(cell->count);
    bench_check(line.bytes == expected, "the bytes are wrong");
    return (double)ns / (double)cell->count;
}

const Cell glib_queue_cells[] = {
    { "queue-1:1", many_to_many, 2, 10000000, 0 },
    { "queue-2:2", many_to_many, 4, 10000000, 0 },
    { "queue-4:4", many_to_many, 8, 10000000, 0 },
    { "queue-8:8", many_to_many, 16, 10000000, 0 },
    { "queue-solo", solo, 1, 10000000, 0 },
    { "pingpong", pingpong, 2, 1000000, 0 },
    { "port-text", one_way, 2, 4000000, 0 },
    { "port-number", one_way, 2, 4000000, 1 },
    BENCH_END
};
