// Uses each public header once; in C and in C++.

#ifndef EVERY_HEADER_H
#define EVERY_HEADER_H

#include "atomics.h"
#include "channel.h"
#include "deadline.h"
#include "future.h"
#include "pool.h"
#include "queue.h"
#include "shared_map.h"
#include "shared_map_file.h"
#include "value.h"
#include "worker_threads.h"

#include <stdio.h>
#include <stdlib.h>

static void twice(Task *self)
{
    const int *number = (const int *)self->args;
    task_return(self, value_int(*number * 2));
}

static void use_futures(void)
{
    int number = 21;
    Pool *pool = pool_new(1);
    Future *own = future_start(twice, &number, sizeof number);
    Future *pooled = pool_start(pool, twice, &number, sizeof number);
    Value value = future_await(pooled);
    printf("%lld ", future_await(own).integer);
    value_print(value, stdout);
    printf("\n");
    pool_join(&pool);
    future_join(&own);
    future_join(&pooled);
}

static void use_channel(void)
{
    Port *port1, *port2;
    channel_open(&port1, &port2);
    int number = 3;
    port_post_bytes(port1, &number, sizeof number);
    Message msg;
    port_receive(port2, &msg);
    printf("%zu bytes\n", msg.size);
    port_close(&port1);
    port_close(&port2);
}

static void use_queue(void)
{
    Queue *queue = queue_new(2, sizeof(int));
    int sent = 7, received = 0;
    queue_send(queue, &sent);
    queue_receive(queue, &received);
    printf("%d\n", received);
    queue_free(&queue);
}

static void use_map(void)
{
    SharedMap *map = shared_map_new();
    shared_map_set_int(map, "usd", 100);
    MapEntries *entries = shared_map_entries(map);
    printf("%s, %lld ms left\n", entries->at[0].key,
           deadline_remaining_ns(DEADLINE_NOW));
    free(entries);
    shared_map_free(&map);
    if (shared_map_open("/nowhere/at/all", 0, NULL) == NULL)
        printf("no map\n");
}

static void use_atomics(void)
{
    static AtomicsWord word;
    printf("%s\n", atomics_result_text(atomics_wait(&word, 1)));
}

#endif
