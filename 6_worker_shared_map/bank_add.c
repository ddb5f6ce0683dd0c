#include <stdio.h>

#include "shared_map.h"
#include "worker_threads.h"

static void pay(WorkerContext *self)
{
    SharedMap *bank = shared_map_attach(self->worker_data);

    shared_map_add(bank, "alice", -1, NULL);
    shared_map_add(bank, "bob", 1, NULL);
}

int main(void)
{
    SharedMap *bank = shared_map_new();
    shared_map_set_int(bank, "alice", 2);
    shared_map_set_int(bank, "bob", 0);

    Worker *first = worker_start_named("W1", pay, shared_map_buffer(bank));
    Worker *second = worker_start_named("W2", pay, shared_map_buffer(bank));

    worker_join(&first);
    worker_join(&second);

    shared_map_print(bank, stdout);
    shared_map_free(&bank);
}
