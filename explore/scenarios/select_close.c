// A select returns a close as an event of its own. The other queue's item comes
// before the close of that queue.
#include "check.h"
#include "queue.h"

static Queue *closing, *sending;

static void close_first(void)
{
    CHECK(queue_close(closing));
}

static void send_and_close(void)
{
    CHECK(queue_send(sending, &(int){ 5 }));
    CHECK(queue_close(sending));
}

static void receive_until_closed(void)
{
    int item = 0, count = 0, closed = 0;
    QueueCase cases[] = { { .queue = closing, .receive = &item },
                          { .queue = sending, .receive = &item } };
    size_t chosen;
    while (closed < 2) {
        if (queue_select(cases, 2, &chosen) == WAIT_OK) {
            CHECK(chosen == 1 && item == 5);
            count++;
        } else {
            CHECK(chosen < 2 && (chosen == 0 || count == 1));
            cases[chosen].queue = NULL;
            closed++;
        }
    }
    CHECK(count == 1);
}

int main(void)
{
    closing = queue_new(0, sizeof(int));
    sending = queue_new(1, sizeof(int));
    TOGETHER(close_first, send_and_close, receive_until_closed);
    queue_free(&closing);
    queue_free(&sending);
}
