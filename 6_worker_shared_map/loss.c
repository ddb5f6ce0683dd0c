#include "loss.h"

#include <stdio.h>

#include "worker_threads.h"

enum { TIMES = 100000, ALL = 2 * TIMES };

static void pay_often(WorkerContext *self)
{
    void (*const *change)(const char *name, long long amount) =
        self->worker_data;
    for (int i = 0; i < TIMES; i++) {
        (*change)("alice", -1);
        (*change)("bob", 1);
    }
}

void print_loss(const char *way,
                void (*change)(const char *name, long long amount))
{
    shared_map_set_int(bank, "alice", ALL);
    shared_map_set_int(bank, "bob", 0);
    Worker *first = worker_start_named("W1", pay_often, &change);
    Worker *second = worker_start_named("W2", pay_often, &change);
    worker_join(&first);
    worker_join(&second);

    long long alice = 0, bob = 0;
    shared_map_get_int(bank, "alice", &alice);
    shared_map_get_int(bank, "bob", &bob);
    printf("%-12s alice %6lld, bob %6lld: %lld of %d updates lost\n", way,
           alice, bob, alice + (ALL - bob), 2 * ALL);
}
