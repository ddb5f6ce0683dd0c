// Items of size 0 are tokens. With capacity 1 the queue is a lock (a binary
// semaphore): a send orders the plain variable after the receive before it.
#include "check.h"
#include "queue.h"

static Queue *queue;
static int count;  // guarded by the one token

static void add(void)
{
    CHECK(queue_send(queue, ""));
    count++;
    CHECK(queue_receive(queue, &(char){ 0 }));
}

int main(void)
{
    queue = queue_new(1, 0);
    TOGETHER(add, add, add);
    CHECK(count == 3);
    queue_free(&queue);
}
