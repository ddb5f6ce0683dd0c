// Capacity 0, a sender, a receiver and a close: the send succeeds if and only
// if its item was received.
#include "check.h"
#include "queue.h"

static Queue *queue;
static bool sent, received;

static void send(void)
{
    sent = queue_send(queue, &(int){ 5 });
}

static void receive(void)
{
    int item = 0;
    received = queue_receive(queue, &item);
    CHECK(item == (received ? 5 : 0));
}

static void close_queue(void)
{
    queue_close(queue);
}

int main(void)
{
    queue = queue_new(0, sizeof(int));
    TOGETHER(send, receive, close_queue);
    CHECK(sent == received);
    queue_free(&queue);
}
