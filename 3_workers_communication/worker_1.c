#include <stdio.h>

#include "workers.h"

void worker_1(WorkerContext *self)
{
    Port *parent_port = self->parent_port;
    Port *port1 = self->worker_data;

    Port *ports[] = { parent_port, port1 };
    Port *from;
    Message msg;

    while ((from = port_select(ports, 2, &msg)) != NULL) {
        if (from == parent_port) {
            printf("W1 received from M: %s\n", msg.text);
            port_post(port1, "You done w/ the laundry?");
        }
        if (from == port1) {
            printf("W1 received from W2: %s\n", msg.text);
            break;  // Node would wait on; we say goodbye.
        }
    }

    port_close(&port1);
}
