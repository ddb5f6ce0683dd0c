// Two selects that could meet on either of two queues meet on exactly one: each
// select is claimed once, by a compare-and-swap.
#include "check.h"
#include "queue.h"

static Queue *there, *back;
static size_t chosen_here, chosen_there;

static void send_there(void)
{
    int item = 1, got = 0;
    QueueCase cases[] = { { .queue = there, .send = &item },
                          { .queue = back, .receive = &got } };
    CHECK(queue_select(cases, 2, &chosen_here) == WAIT_OK);
    CHECK(got == (chosen_here == 1 ? 2 : 0));
}

static void send_back(void)
{
    int item = 2, got = 0;
    QueueCase cases[] = { { .queue = there, .receive = &got },
                          { .queue = back, .send = &item } };
    CHECK(queue_select(cases, 2, &chosen_there) == WAIT_OK);
    CHECK(got == (chosen_there == 0 ? 1 : 0));
}

int main(void)
{
    there = queue_new(0, sizeof(int));
    back = queue_new(0, sizeof(int));
    TOGETHER(send_there, send_back);
    CHECK(chosen_here == chosen_there);
    queue_free(&there);
    queue_free(&back);
}
