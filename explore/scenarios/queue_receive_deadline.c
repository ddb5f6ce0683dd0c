// A receiver gives up at its deadline while a sender sends: the item is
// received or stays in the queue, and is not lost between the two.
#include "check.h"
#include "queue.h"

static Queue *queue;
static WaitResult received;

static void receive(void)
{
    int item = 0;
    received = queue_receive_until(queue, &item, deadline_in_ms(1));
    CHECK(item == (received == WAIT_OK ? 5 : 0));
}

static void send(void)
{
    CHECK(queue_send(queue, &(int){ 5 }));
}

int main(void)
{
    int item;
    queue = queue_new(1, sizeof(int));
    TOGETHER(receive, send);
    CHECK((queue_receive_until(queue, &item, DEADLINE_NOW) == WAIT_OK) ==
          (received == WAIT_TIMED_OUT));
    CHECK(queue_send(queue, &item) && queue_receive(queue, &item));
    queue_free(&queue);
}
