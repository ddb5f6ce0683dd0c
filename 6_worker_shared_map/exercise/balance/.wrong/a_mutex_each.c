// Two workers raise the balance by a tenth each: 100, 110, 121. So
// main should print 121. Now and then one of the two raises is lost.
#include <pthread.h>
#include <stdio.h>

#include "shared_map.h"
#include "worker_threads.h"

static void raise_balance(WorkerContext *self)
{
    SharedMap *map = shared_map_attach(self->worker_data);
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&mutex);
    long long balance;
    shared_map_get_int(map, "balance", &balance);
    shared_map_set_int(map, "balance", balance + balance / 10);
    pthread_mutex_unlock(&mutex);
}

int main(void)
{
    SharedMap *map = shared_map_new();
    shared_map_set_int(map, "balance", 100);
    void *buffer = shared_map_buffer(map);

    Worker *first = worker_start_named("W1", raise_balance, buffer);
    Worker *second = worker_start_named("W2", raise_balance, buffer);
    worker_join(&first);
    worker_join(&second);

    long long balance = 0;
    shared_map_get_int(map, "balance", &balance);
    printf("%lld\n", balance);
    shared_map_free(&map);
}
