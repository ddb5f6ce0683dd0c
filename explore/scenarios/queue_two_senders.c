// Two senders and one cell: all items arrive, and those of each sender in its
// order.
#include "check.h"
#include "queue.h"

static Queue *queue;

static void send(int from)
{
    for (int item = from + 1; item <= from + 2; item++)
        CHECK(queue_send(queue, &item));
}

static void send_tens(void)
{
    send(10);
}

static void send_twenties(void)
{
    send(20);
}

static void receive(void)
{
    int tens = 10, twenties = 20, item;
    for (int i = 0; i < 4; i++) {
        CHECK(queue_receive(queue, &item));
        int *last = item < 20 ? &tens : &twenties;
        CHECK(item == *last + 1);
        *last = item;
    }
    CHECK(tens == 12 && twenties == 22);
}

int main(void)
{
    queue = queue_new(1, sizeof(int));
    TOGETHER(send_tens, send_twenties, receive);
    queue_free(&queue);
}
