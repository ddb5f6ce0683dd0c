#include "workers.h"

int main(void)
{
    Port *port1, *port2;
    channel_open(&port1, &port2);

    Worker *worker1 = worker_start(worker_1, port_move(&port1));
    Worker *worker2 = worker_start(worker_2, port_move(&port2));

    port_post(worker1->port, "Hello from Main thread!");

    worker_join(&worker1);
    worker_join(&worker2);
}
