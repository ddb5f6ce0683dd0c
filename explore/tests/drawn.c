// A lost update, to be drawn: two workers pay in, each by a get and then a set.
//
// This is a race condition without a data race: the map orders every operation,
// but another thread's set may come between the two. The result is 120, or 110.
#include <stdio.h>

#include "shared_map.h"
#include "worker_threads.h"

static void pay(WorkerContext *self)
{
    long long balance;
    shared_map_get_int(self->worker_data, "balance", &balance);
    shared_map_set_int(self->worker_data, "balance", balance + 10);
    port_post(self->parent_port, "paid");
}

int main(void)
{
    static _Alignas(64) char buffer[4096];
    SharedMap *map = shared_map_new_in(buffer, sizeof buffer);
    long long balance = 0;
    Worker *workers[2];
    Message msg;

    shared_map_set_int(map, "balance", 100);
    for (int i = 0; i < 2; i++)
        workers[i] = worker_start(pay, shared_map_buffer(map));
    while (
        port_select((Port *[]){ workers[0]->port, workers[1]->port }, 2, &msg))
        continue;
    for (int i = 0; i < 2; i++)
        worker_join(&workers[i]);
    shared_map_get_int(map, "balance", &balance);
    printf("%lld\n", balance);
    shared_map_free(&map);
}
