// Messages from port to port: channel.h.

#include "bench.h"
#include "channel.h"

static const char text[] = "twenty characters...";

typedef struct Line {
    Port *out, *in;
    const Cell *cell;
    uint64_t bytes;
    long long messages;
} Line;

static void post_texts(Line *line)
{
    for (long long i = 0; i < line->cell->count; i++)
        port_post(line->out, text);
}

static void post_numbers(Line *line)
{
    for (long long i = 0; i < line->cell->count; i++)
        port_postf(line->out, "message %lld", i);
}

static void receive_all(Line *line)
{
    Message msg;
    while (port_receive(line->in, &msg)) {
        line->bytes += msg.size;
        line->messages++;
    }
    port_close(&line->in);
}

static void take_part(void *context, int index)
{
    Line *line = context;
    if (index == 1) {
        receive_all(line);
        return;
    }
    if (line->cell->detail == 0)
        post_texts(line);
    else
        post_numbers(line);
    port_close(&line->out);
}

// How many bytes "message 0", "message 1", ... are together.
static uint64_t bytes_of_numbers(long long count)
{
    uint64_t bytes = (uint64_t)count * sizeof "message";
    for (long long i = 0; i < count; i++)
        for (long long rest = i; rest >= 10; rest /= 10)
            bytes++;
    return bytes + (uint64_t)count;
}

static double one_way(const Cell *cell)
{
    Port *port1, *port2;
    channel_open(&port1, &port2);
    Line line = { .out = port_move(&port1),
                  .in = port_move(&port2),
                  .cell = cell };
    long long ns = bench_threads(2, take_part, &line);

    uint64_t expected = cell->detail == 0
                            ? (uint64_t)cell->count * (sizeof text - 1)
                            : bytes_of_numbers(cell->count);
    bench_check(line.messages == cell->count && line.bytes == expected,
                "%lld messages of %llu bytes", line.messages,
                (unsigned long long)line.bytes);
    return (double)ns / (double)cell->count;
}

const Cell ours_port_cells[] = { { "port-text", one_way, 2, 10000000, 0 },
                                 { "port-number", one_way, 2, 10000000, 1 },
                                 BENCH_END };
