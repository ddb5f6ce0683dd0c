// Two threads each send to one queue and then look into the other one: at least
// one finds an item. This is store buffering across two queues (Dekker), and
// needs sequential consistency.
#include "check.h"
#include "queue.h"

static Queue *left, *right;
static WaitResult seen_left, seen_right;

static void send_left(void)
{
    int item;
    CHECK(queue_send(left, &(int){ 1 }));
    seen_right = queue_receive_until(right, &item, DEADLINE_NOW);
}

static void send_right(void)
{
    int item;
    CHECK(queue_send(right, &(int){ 1 }));
    seen_left = queue_receive_until(left, &item, DEADLINE_NOW);
}

int main(void)
{
    left = queue_new(2, sizeof(int));
    right = queue_new(2, sizeof(int));
    TOGETHER(send_left, send_right);
    CHECK(seen_left == WAIT_OK || seen_right == WAIT_OK);
    queue_free(&left);
    queue_free(&right);
}
