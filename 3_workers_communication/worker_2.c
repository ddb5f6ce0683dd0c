#include <stdio.h>

#include "workers.h"

void worker_2(WorkerContext *self)
{
    Port *port2 = self->worker_data;

    Message msg;
    while (port_receive(port2, &msg)) {
        printf("W2 received from W1: %s\n", msg.text);
        port_post(port2, "No, not yet!");
    }

    port_close(&port2);
}
