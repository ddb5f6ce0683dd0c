// Two threads each receive from one full queue and then send into the other
// one: at least one finds room. This is store buffering across two queues
// (Dekker), and needs sequential consistency.
#include "check.h"
#include "queue.h"

static Queue *left, *right;
static WaitResult sent_left, sent_right;

static void receive_left(void)
{
    int item;
    CHECK(queue_receive(left, &item));
    sent_right = queue_send_until(right, &item, DEADLINE_NOW);
}

static void receive_right(void)
{
    int item;
    CHECK(queue_receive(right, &item));
    sent_left = queue_send_until(left, &item, DEADLINE_NOW);
}

static Queue *full_queue(void)
{
    Queue *queue = queue_new(2, sizeof(int));
    CHECK(queue_send(queue, &(int){ 1 }) && queue_send(queue, &(int){ 2 }));
    return queue;
}

int main(void)
{
    left = full_queue();
    right = full_queue();
    TOGETHER(receive_left, receive_right);
    CHECK(sent_left == WAIT_OK || sent_right == WAIT_OK);
    queue_free(&left);
    queue_free(&right);
}
