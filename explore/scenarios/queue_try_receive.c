// Two receivers try once while a sender sends two items: a try fails only if
// the queue was empty at that moment (its linearization point). Each item is
// received once.
#include "check.h"
#include "queue.h"

static Queue *queue;
static int left, right;
static bool nothing_left;

static void try_left(void)
{
    queue_receive_until(queue, &left, DEADLINE_NOW);
}

static void try_right(void)
{
    queue_receive_until(queue, &right, DEADLINE_NOW);
}

static void send(void)
{
    int item;
    CHECK(queue_send_until(queue, &(int){ 1 }, DEADLINE_NOW) == WAIT_OK);
    CHECK(queue_send_until(queue, &(int){ 2 }, DEADLINE_NOW) == WAIT_OK);
    nothing_left =
        queue_receive_until(queue, &item, DEADLINE_NOW) == WAIT_TIMED_OUT;
    if (!nothing_left)
        CHECK(queue_send(queue, &item));
}

int main(void)
{
    queue = queue_new(2, sizeof(int));
    TOGETHER(try_left, try_right, send);
    CHECK(!nothing_left || (left != 0 && right != 0));
    int sum = left + right;
    for (int item; queue_receive_until(queue, &item, DEADLINE_NOW) == WAIT_OK;)
        sum += item;
    CHECK(sum == 3);
    CHECK(queue_size(queue) == 0);
    queue_free(&queue);
}
