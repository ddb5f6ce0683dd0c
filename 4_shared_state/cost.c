#include "cost.h"

#include <stdio.h>
#include <time.h>

#include "worker_threads.h"

enum { TIMES = 3000000 };

static void call_often(WorkerContext *self)
{
    void (*const *function)(void) = self->worker_data;
    for (int i = 0; i < TIMES; i++)
        (*function)();
}

static double now_in_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

double cost_of(void (*function)(void))
{
    double start = now_in_ns();
    Worker *first = worker_start_named("W1", call_often, &function);
    Worker *second = worker_start_named("W2", call_often, &function);
    worker_join(&first);
    worker_join(&second);
    return (now_in_ns() - start) / (2 * TIMES);
}

void print_cost(const char *way, int count, double ns)
{
    printf("%-10s %7d of %d, %.1f ns each\n", way, count, 2 * TIMES, ns);
}
