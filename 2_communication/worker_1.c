#include "workers.h"

void worker_1(WorkerContext *self)
{
    port_post(self->parent_port, "Hello form Worker_1!");

    // From here on, worker 2 talks to main.
    Worker *worker = worker_start(worker_2, port_move(&self->parent_port));

    worker_join(&worker);
}
