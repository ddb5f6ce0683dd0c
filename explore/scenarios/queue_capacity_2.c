// Capacity 2, from the second lap of the ring into the third: items keep their
// order, and there are never more than two. The cells' numbers tell the laps
// apart.
#include "check.h"
#include "queue.h"

static Queue *queue;

static void send(void)
{
    for (int item = 3; item <= 5; item++)
        CHECK(queue_send(queue, &item));
}

static void receive(void)
{
    for (int expected = 2; expected <= 5; expected++) {
        int item;
        CHECK(queue_size(queue) <= 2);
        CHECK(queue_receive(queue, &item) && item == expected);
    }
}

int main(void)
{
    queue = queue_new(2, sizeof(int));
    int item = 1;
    CHECK(queue_send(queue, &item) && queue_receive(queue, &item));
    item = 2;
    CHECK(queue_send(queue, &item));
    TOGETHER(receive, send);
    queue_free(&queue);
}
