// Close while a sender and a receiver are at work: the receiver gets every item
// of a successful send, in order, and then sees the close.
#include "check.h"
#include "queue.h"

static Queue *queue;
static int sent, received;

static void send(void)
{
    for (int item = 1; item <= 3 && queue_send(queue, &item); item++)
        sent++;
}

static void receive(void)
{
    int item;
    while (queue_receive(queue, &item))
        CHECK(item == ++received);
}

static void close_queue(void)
{
    queue_close(queue);
}

int main(void)
{
    queue = queue_new(1, sizeof(int));
    TOGETHER(send, receive, close_queue);
    CHECK(sent == received);
    queue_free(&queue);
}
