// Capacity 0 (rendezvous): a send returns only when a receiver has begun to
// receive its item, and items keep their order.
#include "check.h"
#include "queue.h"

static Queue *queue;
static int begun;  // receives so far; only the queue orders it

static void send(void)
{
    for (int item = 1; item <= 2; item++) {
        CHECK(queue_send(queue, &item));
        if (item == 2)
            CHECK(begun == 2);
    }
}

static void receive(void)
{
    for (int expected = 1; expected <= 2; expected++) {
        int item;
        begun++;
        CHECK(queue_receive(queue, &item) && item == expected);
    }
}

int main(void)
{
    queue = queue_new(0, sizeof(int));
    TOGETHER(receive, send);
    queue_free(&queue);
}
