// A worker multiplies by 7, and main prints what came of it: "6 * 7 = 42".
// As it is, main prints another result now and then.
#include <stdio.h>
#include <unistd.h>

#include "worker_threads.h"

static void multiply(WorkerContext *self)
{
    int *number = self->worker_data;
    *number *= 7;
}

int main(void)
{
    int number = 6;
    Worker *worker = worker_start_named("W1", multiply, &number);

    usleep(100000);
    printf("6 * 7 = %d\n", number);
    worker_join(&worker);
}
