// A select receives from a queue with capacity 1 and from one with capacity 0:
// it gets each item once, from a cell or straight from the sender.
#include "check.h"
#include "queue.h"

static Queue *with_room, *without;

static void send_stored(void)
{
    CHECK(queue_send(with_room, &(int){ 1 }));
}

static void send_handed(void)
{
    CHECK(queue_send(without, &(int){ 2 }));
}

static void receive_both(void)
{
    int got[2] = { 0, 0 };
    QueueCase cases[] = { { .queue = with_room, .receive = &got[0] },
                          { .queue = without, .receive = &got[1] } };
    size_t first, second;
    CHECK(queue_select(cases, 2, &first) == WAIT_OK);
    CHECK(got[first] == (int)first + 1 && got[1 - first] == 0);
    CHECK(queue_select_fair(cases, 2, &second, DEADLINE_NEVER) == WAIT_OK);
    CHECK(second == 1 - first && got[second] == (int)second + 1);
}

int main(void)
{
    with_room = queue_new(1, sizeof(int));
    without = queue_new(0, sizeof(int));
    TOGETHER(send_stored, send_handed, receive_both);
    queue_free(&with_room);
    queue_free(&without);
}
