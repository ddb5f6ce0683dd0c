// Two receivers: each item goes to one of them, and no receiver gets an older
// item after a newer one.
#include "check.h"
#include "queue.h"

static Queue *queue;
static int got_left, got_right;  // sums

static int receive_two(void)
{
    int first, second;
    CHECK(queue_receive(queue, &first));
    CHECK(queue_receive(queue, &second));
    CHECK(first < second);
    return first + second;
}

static void receive_left(void)
{
    got_left = receive_two();
}

static void receive_right(void)
{
    got_right = receive_two();
}

static void send(void)
{
    for (int item = 1; item <= 8; item *= 2)
        CHECK(queue_send(queue, &item));
}

int main(void)
{
    queue = queue_new(2, sizeof(int));
    TOGETHER(receive_left, receive_right, send);
    CHECK(got_left + got_right == 15);
    queue_free(&queue);
}
