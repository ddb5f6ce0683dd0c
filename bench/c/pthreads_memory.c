// What an idle thread takes: one that waits at a condition, with a queue.

#include <pthread.h>
#include <string.h>

#include "bench.h"
#include "pthreads.h"
#include "resident.h"

enum { THREADS = 100, QUEUE_CAPACITY = 16 };

typedef struct Idler {
    PlainQueue *messages, *answers;
    pthread_t thread;
} Idler;

static void *be_idle(void *argument)
{
    Idler *idler = argument;
    plain_queue_send(idler->answers, 0);
    uint64_t message;
    while (plain_queue_receive(idler->messages, &message))
        plain_queue_send(idler->answers, message);
    return NULL;
}

static void start(Idler *idler)
{
    idler->messages = plain_queue_new(QUEUE_CAPACITY);
    idler->answers = plain_queue_new(QUEUE_CAPACITY);
    int error = pthread_create(&idler->thread, NULL, be_idle, idler);
    bench_check(error == 0, "pthread_create: %s", strerror(error));
    uint64_t ready;
    plain_queue_receive(idler->answers, &ready);
}

static void stop(Idler *idler)
{
    plain_queue_close(idler->messages);
    pthread_join(idler->thread, NULL);
    plain_queue_free(idler->messages);
    plain_queue_free(idler->answers);
}

static double memory_idle_worker(const Cell *cell)
{
    (void)cell;
    static Idler idlers[THREADS + 1];
    start(&idlers[0]);  // what only the first needs
    long long before = resident_bytes();
    for (int i = 1; i <= THREADS; i++)
        start(&idlers[i]);
    long long bytes = resident_bytes() - before;

    for (int i = 0; i <= THREADS; i++)
        stop(&idlers[i]);
    return (double)bytes / THREADS;
}

const Cell pthreads_memory_cells[] = {
    { "memory-idle-worker", memory_idle_worker, 1, 0, 0 }, BENCH_END
};
