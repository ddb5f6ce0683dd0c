// A close wakes all receivers of an empty queue, not only one. Their buffers
// are not written to.
#include "check.h"
#include "queue.h"

static Queue *queue;

static void receive_in_vain(void)
{
    int item = 7;
    CHECK(!queue_receive(queue, &item));
    CHECK(item == 7);
}

static void close_queue(void)
{
    CHECK(queue_close(queue));
}

int main(void)
{
    queue = queue_new(2, sizeof(int));
    TOGETHER(receive_in_vain, receive_in_vain, close_queue);
    CHECK(!queue_close(queue));
    queue_free(&queue);
}
