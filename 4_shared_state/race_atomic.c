#include <stdatomic.h>
#include <stdio.h>

#include "worker_threads.h"

static _Atomic int count;

static void add_one(WorkerContext *self)
{
    (void)self;
    count++;  // one step, because the variable is atomic
}

int main(void)
{
    Worker *first = worker_start_named("W1", add_one, NULL);
    Worker *second = worker_start_named("W2", add_one, NULL);

    worker_join(&first);
    worker_join(&second);

    printf("counted to %d of 2\n", count);
}
