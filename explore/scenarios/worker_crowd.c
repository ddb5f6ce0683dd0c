// Two workers, and one thread that receives from both ports until both are
// closed and then joins the workers.
#include "check.h"
#include "worker_threads.h"

static void count(WorkerContext *self)
{
    const int *number = self->worker_data;
    port_post_bytes(self->parent_port, number, sizeof *number);
    worker_exit(self, *number);
}

int main(void)
{
    static int numbers[] = { 3, 4 };
    Worker *workers[2];
    Port *ports[2];
    for (int i = 0; i < 2; i++) {
        workers[i] = worker_start(count, &numbers[i]);
        ports[i] = workers[i]->port;
    }
    int sum = 0;
    for (Message msg; port_select(ports, 2, &msg) != NULL;)
        sum += *(const int *)msg.data;
    CHECK(sum == 7);
    for (int i = 0; i < 2; i++)
        CHECK(worker_join(&workers[i]) == numbers[i]);
}
