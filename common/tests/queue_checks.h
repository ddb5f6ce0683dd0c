// What the tests of the queue share.

#ifndef QUEUE_CHECKS_H
#define QUEUE_CHECKS_H

#include "queue.h"
#include "test.h"

static inline void send_int(Queue *queue, int item)
{
    CHECK(queue_send(queue, &item));
}

static inline int receive_int(Queue *queue)
{
    int item = -1;
    CHECK(queue_receive(queue, &item));
    return item;
}

#endif
