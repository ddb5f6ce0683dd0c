// The memory of a port, a future and an idle worker, in bytes, the
// allocator's own share included.

#include <stdlib.h>

#include "bench.h"
#include "channel.h"
#include "pool.h"
#include "queue.h"
#include "resident.h"
#include "worker_threads.h"

enum { CHANNELS = 10000, FUTURES = 1000, WORKERS = 100 };

static double memory_port(const Cell *cell)
{
    (void)cell;
    static Port *ports[CHANNELS][2];
    channel_open(&ports[0][0], &ports[0][1]);  // what only the first needs
    long long before = resident_bytes();
    for (int i = 1; i < CHANNELS; i++)
        channel_open(&ports[i][0], &ports[i][1]);
    long long bytes = resident_bytes() - before;

    for (int i = 0; i < CHANNELS; i++) {
        port_close(&ports[i][0]);
        port_close(&ports[i][1]);
    }
    return (double)bytes / (2.0 * (CHANNELS - 1));
}

// A gate that keeps the pool's only thread busy.
typedef struct Gate {
    Queue *begun;   // gets an item when the thread is there
    Queue *closed;  // the thread waits until it is closed
} Gate;

static void wait_at_gate(Task *self)
{
    const Gate *gate = self->args;
    char item = 0;
    queue_send(gate->begun, &item);
    queue_receive(gate->closed, &item);
    task_return(self, value_int(0));
}

static void add_one(Task *self)
{
    const long long *number = self->args;
    task_return(self, value_int(*number + 1));
}

static double memory_future(const Cell *cell)
{
    (void)cell;
    static Future *futures[FUTURES];
    Pool *pool = pool_new(1);
    Gate gate = { queue_new(1, 1), queue_new(1, 1) };
    char item;
    futures[0] = pool_start(pool, wait_at_gate, &gate, sizeof gate);
    queue_receive(gate.begun, &item);
    long long before = resident_bytes();
    for (long long i = 1; i < FUTURES; i++)
        futures[i] = pool_start(pool, add_one, &i, sizeof i);
    long long bytes = resident_bytes() - before;

    queue_close(gate.closed);
    for (long long i = 1; i < FUTURES; i++)
        bench_check(future_await(futures[i]).integer == i + 1,
                    "wrong result");
    future_join_all(futures, FUTURES);
    pool_join(&pool);
    queue_free(&gate.begun);
    queue_free(&gate.closed);
    return (double)bytes / (FUTURES - 1);
}

// Says that it has begun, and waits for messages until there are no more.
static void be_idle(WorkerContext *self)
{
    port_post(self->parent_port, "ready");
    Message msg;
    while (port_receive(self->parent_port, &msg))
        port_post(self->parent_port, msg.text);
}

static Worker *start_idle_worker(void)
{
    Worker *worker = worker_start(be_idle, NULL);
    Message msg;
    bool ready = port_receive(worker->port, &msg);
    bench_check(ready, "the worker has ended");
    return worker;
}

static double memory_idle_worker(const Cell *cell)
{
    (void)cell;
    Worker *workers[WORKERS + 1];
    workers[0] = start_idle_worker();  // what only the first needs
    long long before = resident_bytes();
    for (int i = 1; i <= WORKERS; i++)
        workers[i] = start_idle_worker();
    long long bytes = resident_bytes() - before;

    for (int i = 0; i <= WORKERS; i++)
        worker_join(&workers[i]);
    return (double)bytes / WORKERS;
}

const Cell ours_memory_cells[] = {
    { "memory-port", memory_port, 1, 0, 0 },
    { "memory-future", memory_future, 1, 0, 0 },
    { "memory-idle-worker", memory_idle_worker, 1, 0, 0 },
    BENCH_END
};
