// Two senders and two receivers with one cell: each item is received exactly
// once, and no sender or receiver is left asleep.
#include "check.h"
#include "queue.h"

static Queue *queue;
static int got_left, got_right;

static void send_1(void)
{
    CHECK(queue_send(queue, &(int){ 1 }));
}

static void send_2(void)
{
    CHECK(queue_send(queue, &(int){ 2 }));
}

static void receive_left(void)
{
    CHECK(queue_receive(queue, &got_left));
}

static void receive_right(void)
{
    CHECK(queue_receive(queue, &got_right));
}

int main(void)
{
    queue = queue_new(1, sizeof(int));
    TOGETHER(send_1, receive_left, send_2, receive_right);
    CHECK(got_left + got_right == 3 && got_left * got_right == 2);
    CHECK(queue_size(queue) == 0);
    queue_free(&queue);
}
