// A worker reports to main, and has a helper that reports to main too, over
// the same port: the worker gives it away. Main should print both reports,
// the worker's and then the helper's. Instead the program dies.
#include <stdio.h>

#include "worker_threads.h"

static void help(WorkerContext *self)
{
    Port *to_main = self->worker_data;
    port_post(to_main, "the helper is done");
    port_close(&to_main);
}

static void work(WorkerContext *self)
{
    // TODO: which thread has the port, and when?
    Worker *helper =
        worker_start_named("W2", help, port_move(&self->parent_port));
    port_post(self->parent_port, "the worker is done");

    worker_join(&helper);
}

int main(void)
{
    Worker *worker = worker_start_named("W1", work, NULL);

    Message msg;
    while (port_receive(worker->port, &msg))
        printf("%s\n", msg.text);

    worker_join(&worker);
}
