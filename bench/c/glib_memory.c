// The memory of an empty GAsyncQueue: one way, and unbounded as a port is.

#include <glib.h>

#include "bench.h"
#include "resident.h"

enum { QUEUES = 20000 };

static double memory_port(const Cell *cell)
{
    (void)cell;
    static GAsyncQueue *queues[QUEUES + 1];
    queues[0] = g_async_queue_new();  // what only the first needs
    long long before = resident_bytes();
    for (int i = 1; i <= QUEUES; i++)
        queues[i] = g_async_queue_new();
    long long bytes = resident_bytes() - before;

    for (int i = 0; i <= QUEUES; i++)
        g_async_queue_unref(queues[i]);
    return (double)bytes / QUEUES;
}

const Cell glib_memory_cells[] = { { "memory-port", memory_port, 1, 0, 0 },
                                   BENCH_END };
