#include <stdio.h>

#include "workers.h"

int main(void)
{
    Worker *worker = worker_start(worker_1, NULL);

    Message msg;
    while (port_receive(worker->port, &msg))
        printf("Main thread received: %s\n", msg.text);

    worker_join(&worker);
}
