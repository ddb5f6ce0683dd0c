#include <stdio.h>

#include "worker_threads.h"

static int count;

static void add_one(WorkerContext *self)
{
    (void)self;
    count++;  // read it, add 1, write it: three steps
}

int main(void)
{
    Worker *first = worker_start_named("W1", add_one, NULL);
    Worker *second = worker_start_named("W2", add_one, NULL);

    worker_join(&first);
    worker_join(&second);

    printf("counted to %d of 2\n", count);
}
