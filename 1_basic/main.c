#include <stdio.h>
#include <unistd.h>

#include "workers.h"

int main(void)
{
    Worker *worker = worker_start(worker_main, NULL);

    printf("PID %d\n", (int)getpid());

    Message msg;
    while (port_receive(worker->port, &msg))
        printf("Message from thread: %s\n", msg.text);

    worker_join(&worker);
}
