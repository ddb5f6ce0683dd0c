#include <stdio.h>

#include "shared_map.h"
#include "worker_threads.h"

static void earn(WorkerContext *self)
{
    SharedMap *wallet = shared_map_attach(self->worker_data);

    // One step. A get and then a set would be two, and lose money.
    shared_map_add(wallet, "usd", 300, NULL);
}

int main(void)
{
    SharedMap *wallet = shared_map_new();
    shared_map_set_int(wallet, "usd", 100);
    shared_map_print(wallet, stdout);

    Worker *worker = worker_start(earn, shared_map_buffer(wallet));
    worker_join(&worker);

    shared_map_print(wallet, stdout);
    shared_map_free(&wallet);
}
