#include "workers.h"

void worker_2(WorkerContext *self)
{
    Port *port = self->worker_data;

    port_post(port, "Hello from Worker_2!");

    port_close(&port);  // main's loop ends
}
