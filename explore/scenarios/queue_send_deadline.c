// A sender gives up at its deadline while a receiver makes room: the send
// succeeds if and only if its item is in the queue.
#include "check.h"
#include "queue.h"

static Queue *queue;
static WaitResult sent;

static void send(void)
{
    sent = queue_send_until(queue, &(int){ 2 }, deadline_in_ms(1));
    CHECK(sent != WAIT_CLOSED);
}

static void receive(void)
{
    int item;
    CHECK(queue_receive(queue, &item) && item == 1);
}

int main(void)
{
    int item = 1;
    queue = queue_new(1, sizeof(int));
    CHECK(queue_send(queue, &item));
    TOGETHER(send, receive);
    CHECK(queue_receive_until(queue, &item, DEADLINE_NOW) == sent);
    CHECK(item == (sent == WAIT_OK ? 2 : 1));
    // A sender that gave up has left no trace: the cell works as before.
    CHECK(queue_send(queue, &item) && queue_receive(queue, &item));
    queue_free(&queue);
}
