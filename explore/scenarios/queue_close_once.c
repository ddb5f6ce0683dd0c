// Two threads close a queue: exactly one call returns true, and a blocked
// receiver is woken.
#include "check.h"
#include "queue.h"

static Queue *queue;
static bool closed_left, closed_right;

static void close_left(void)
{
    closed_left = queue_close(queue);
    CHECK(!queue_send(queue, &(int){ 1 }));
}

static void close_right(void)
{
    closed_right = queue_close(queue);
}

static void receive_in_vain(void)
{
    int item;
    CHECK(!queue_receive(queue, &item));
}

int main(void)
{
    queue = queue_new(2, sizeof(int));
    TOGETHER(close_left, close_right, receive_in_vain);
    CHECK(closed_left != closed_right);
    queue_free(&queue);
}
