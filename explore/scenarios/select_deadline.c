// A select gives up at its deadline while a sender offers an item until its own
// deadline: either both succeed or neither does.
#include "check.h"
#include "queue.h"

static Queue *left, *right;
static WaitResult sent, received;

static void send(void)
{
    sent = queue_send_until(right, &(int){ 5 }, deadline_in_ms(1));
}

static void select_a_while(void)
{
    int item = 0;
    size_t chosen = 7;
    QueueCase cases[] = { { .queue = left, .receive = &item },
                          { .queue = right, .receive = &item } };
    received = queue_select_until(cases, 2, &chosen, deadline_in_ms(1));
    CHECK(chosen == (received == WAIT_OK ? 1 : 7));
    CHECK(item == (received == WAIT_OK ? 5 : 0));
}

int main(void)
{
    left = queue_new(1, sizeof(int));
    right = queue_new(0, sizeof(int));
    TOGETHER(send, select_a_while);
    CHECK(sent == received);
    // The select has left the other queue as it was.
    int item = 1;
    CHECK(queue_send(left, &item) && queue_receive(left, &item));
    queue_free(&left);
    queue_free(&right);
}
