#include <stdio.h>

#include "shared_map.h"
#include "worker_threads.h"

// Called with a copy. If another thread is quicker, it is called again.
static bool take_one(Value *dollars, void *context)
{
    (void)context;
    dollars->integer--;
    return dollars->integer >= 0;  // false: leave the account as it is
}

static void pay(WorkerContext *self)
{
    SharedMap *bank = shared_map_attach(self->worker_data);

    if (shared_map_update(bank, "alice", take_one, NULL) == SHARED_MAP_OK)
        shared_map_add(bank, "bob", 1, NULL);
}

int main(void)
{
    SharedMap *bank = shared_map_new();
    shared_map_set_int(bank, "alice", 1);
    shared_map_set_int(bank, "bob", 0);

    Worker *first = worker_start_named("W1", pay, shared_map_buffer(bank));
    Worker *second = worker_start_named("W2", pay, shared_map_buffer(bank));

    worker_join(&first);
    worker_join(&second);

    shared_map_print(bank, stdout);
    shared_map_free(&bank);
}
