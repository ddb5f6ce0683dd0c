// Two selects name two queues in opposite orders. No deadlock: a select locks
// its queues in a global order, that of their addresses. Each gets one item.
#include "check.h"
#include "queue.h"

static Queue *first, *second;
static int got_left, got_right;

static void select_left(void)
{
    QueueCase cases[] = { { .queue = first, .receive = &got_left },
                          { .queue = second, .receive = &got_left } };
    size_t chosen;
    CHECK(queue_select(cases, 2, &chosen) == WAIT_OK);
}

static void select_right(void)
{
    QueueCase cases[] = { { .queue = second, .receive = &got_right },
                          { .queue = first, .receive = &got_right } };
    size_t chosen;
    CHECK(queue_select(cases, 2, &chosen) == WAIT_OK);
}

static void send_both(void)
{
    CHECK(queue_send(first, &(int){ 1 }));
    CHECK(queue_send(second, &(int){ 2 }));
}

int main(void)
{
    first = queue_new(1, sizeof(int));
    second = queue_new(1, sizeof(int));
    TOGETHER(select_left, select_right, send_both);
    CHECK(got_left + got_right == 3 && got_left * got_right == 2);
    queue_free(&first);
    queue_free(&second);
}
