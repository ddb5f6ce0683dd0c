// A close wakes all senders of a full queue. Their sends fail, their items
// remain theirs, and items stored before can still be received.
#include "check.h"
#include "queue.h"

static Queue *queue;

static void send_in_vain(void)
{
    int item = 7;
    CHECK(!queue_send(queue, &item));
    CHECK(item == 7);
}

static void close_queue(void)
{
    CHECK(queue_close(queue));
}

int main(void)
{
    int item = 1;
    queue = queue_new(1, sizeof(int));
    CHECK(queue_send(queue, &item));
    TOGETHER(send_in_vain, send_in_vain, close_queue);
    CHECK(queue_receive(queue, &item) && item == 1);
    CHECK(!queue_receive(queue, &item));
    queue_free(&queue);
}
