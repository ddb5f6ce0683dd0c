// Capacity 1: items keep their order. The data that an item points to are
// visible to its receiver: a send happens before the receive of its item.
#include "check.h"
#include "queue.h"

static Queue *queue;
static int cells[3];

static void send(void)
{
    for (int i = 0; i < 3; i++) {
        int *item = &cells[i];
        *item = i + 1;
        CHECK(queue_send(queue, &item));
    }
}

static void receive(void)
{
    for (int i = 0; i < 3; i++) {
        int *item;
        CHECK(queue_receive(queue, &item));
        CHECK(item == &cells[i] && *item == i + 1);
    }
}

int main(void)
{
    queue = queue_new(1, sizeof(int *));
    TOGETHER(receive, send);
    CHECK(queue_size(queue) == 0);
    queue_free(&queue);
}
