#include <stdio.h>

#include "workers.h"

void worker_main(WorkerContext *self)
{
    int16_t *shared = self->worker_data;

    shared[0] = 11;

    printf("W1 : Int16Array(2) [ %d, %d ]\n", shared[0], shared[1]);
}
