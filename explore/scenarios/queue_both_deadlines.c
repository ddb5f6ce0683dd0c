// Capacity 0 (rendezvous), and both sides give up at a deadline: either both
// succeed or neither does.
#include "check.h"
#include "queue.h"

static Queue *queue;
static WaitResult sent, received;

static void send(void)
{
    sent = queue_send_until(queue, &(int){ 5 }, deadline_in_ms(1));
}

static void receive(void)
{
    int item = 0;
    received = queue_receive_until(queue, &item, deadline_in_ms(1));
    CHECK(item == (received == WAIT_OK ? 5 : 0));
}

int main(void)
{
    queue = queue_new(0, sizeof(int));
    TOGETHER(send, receive);
    CHECK(sent == received);
    queue_free(&queue);
}
