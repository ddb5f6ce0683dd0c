#include <stdio.h>

#include "workers.h"

void worker_main(WorkerContext *self)
{
    SharedMap *map = shared_map_attach(self->worker_data);

    long long balance;
    if (shared_map_get_int(map, "balance", &balance))
        printf("%lld\n", balance);

    // main sees this change too.
    shared_map_set_int(map, "balance", 200);
}
