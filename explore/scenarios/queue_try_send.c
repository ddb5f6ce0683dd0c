// Two threads try to send into one cell: exactly one succeeds. A try is exact:
// it never fails only because the other thread is in the middle of its own.
#include "check.h"
#include "queue.h"

static Queue *queue;
static WaitResult left, right;

static void try_left(void)
{
    left = queue_send_until(queue, &(int){ 1 }, DEADLINE_NOW);
}

static void try_right(void)
{
    right = queue_send_until(queue, &(int){ 2 }, DEADLINE_NOW);
}

int main(void)
{
    int item;
    queue = queue_new(1, sizeof(int));
    TOGETHER(try_left, try_right);
    CHECK((left == WAIT_OK) != (right == WAIT_OK));
    CHECK(left + right == WAIT_OK + WAIT_TIMED_OUT);
    CHECK(queue_receive(queue, &item) && item == (left == WAIT_OK ? 1 : 2));
    CHECK(queue_receive_until(queue, &item, DEADLINE_NOW) == WAIT_TIMED_OUT);
    queue_free(&queue);
}
