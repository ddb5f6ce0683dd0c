#include <stdio.h>

#include "workers.h"

int main(void)
{
    SharedMap *map = shared_map_new();
    shared_map_set_int(map, "balance", 100);

    Worker *worker = worker_start(worker_main, shared_map_buffer(map));

    worker_join(&worker);  // Node hopes that 50 ms are enough

    long long balance;
    if (shared_map_get_int(map, "balance", &balance))
        printf("%lld\n", balance);

    shared_map_free(&map);
}
