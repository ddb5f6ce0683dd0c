// A worker posts and receives, and ends when its port is closed by the join.
// All it did to the shared data happens before the return of the join.
#include <string.h>

#include "check.h"
#include "worker_threads.h"

static void greet(WorkerContext *self)
{
    int *heard = self->worker_data;
    Message msg;
    CHECK(port_post(self->parent_port, "hello"));
    while (port_receive(self->parent_port, &msg))
        ++*heard;
}

int main(void)
{
    int heard = 0;
    Worker *worker = worker_start(greet, &heard);
    Message msg;
    CHECK(port_post(worker->port, "good day"));
    CHECK(port_receive(worker->port, &msg) && strcmp(msg.text, "hello") == 0);
    CHECK(worker_join(&worker) == 0);
    CHECK(heard == 1);
}
