// A select offers one item on two queues, and a receiver waits at each: exactly
// one of them gets it. Claiming the select is one compare-and-swap.
#include "check.h"
#include "queue.h"

static Queue *queues[2];
static bool got[2];

static void receive(int i)
{
    int item = 0;
    got[i] = queue_receive(queues[i], &item);
    CHECK(item == (got[i] ? 5 : 0));
}

static void receive_left(void)
{
    receive(0);
}

static void receive_right(void)
{
    receive(1);
}

static void send_once(void)
{
    int item = 5;
    QueueCase cases[] = { { .queue = queues[0], .send = &item },
                          { .queue = queues[1], .send = &item } };
    size_t chosen;
    CHECK(queue_select(cases, 2, &chosen) == WAIT_OK);
    queue_close(queues[1 - chosen]);
}

int main(void)
{
    queues[0] = queue_new(0, sizeof(int));
    queues[1] = queue_new(0, sizeof(int));
    TOGETHER(receive_left, receive_right, send_once);
    CHECK(got[0] != got[1]);
    queue_free(&queues[0]);
    queue_free(&queues[1]);
}
