// A worker's error does not overtake its messages: they can still be received
// after worker_error has returned.
#include <string.h>

#include "check.h"
#include "worker_threads.h"

static void give_up(WorkerContext *self)
{
    port_post(self->parent_port, "last words");
    worker_fail(self, "no luck");
}

int main(void)
{
    Worker *worker = worker_start(give_up, NULL);
    CHECK(strcmp(worker_error(worker), "no luck") == 0);
    Message msg;
    CHECK(port_receive(worker->port, &msg));
    CHECK(strcmp(msg.text, "last words") == 0);
    CHECK(!port_receive(worker->port, &msg));
    CHECK(worker_join(&worker) == 1);
}
