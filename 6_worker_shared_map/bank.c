#include <stdio.h>

#include "shared_map.h"
#include "worker_threads.h"

static void change(SharedMap *bank, const char *name, long long amount)
{
    long long dollars;
    if (shared_map_get_int(bank, name, &dollars))
        // Now another thread may set it, and we undo that.
        shared_map_set_int(bank, name, dollars + amount);
}

static void pay(WorkerContext *self)
{
    SharedMap *bank = shared_map_attach(self->worker_data);

    change(bank, "alice", -1);
    change(bank, "bob", 1);
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
