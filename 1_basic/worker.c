#include <stdio.h>
#include <unistd.h>

#include "workers.h"

void worker_main(WorkerContext *self)
{
    port_post(self->parent_port, "Hello!");

    printf("PID %d\n", (int)getpid());
}
