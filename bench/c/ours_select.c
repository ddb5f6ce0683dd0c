// One receiver that waits for two queues at once: queue_select_fair, which
// is what Go's select does.

#include "bench.h"
#include "queue.h"

enum { CAPACITY = 1024, RECEIVER = 2 };

typedef struct Choice {
    Queue *queues[2];
    long long each;  // how many items each of the two senders sends
    uint64_t sum;
} Choice;

static void send_items(Queue *queue, long long count)
{
    for (long long i = 0; i < count; i++)
        queue_send(queue, &(uint64_t){ (uint64_t)i });
    queue_close(queue);
}

// A queue that is closed leaves the choice.
static void receive_from_both(Choice *choice)
{
    uint64_t item;
    size_t chosen;
    QueueCase cases[] = { { .queue = choice->queues[0], .receive = &item },
                          { .queue = choice->queues[1],
                            .receive = &item } };
    for (;;) {
        WaitResult result =
            queue_select_fair(cases, 2, &chosen, DEADLINE_NEVER);
        if (result == WAIT_OK)
            choice->sum += item;
        else if (chosen == 2)
            return;
        else
            cases[chosen].queue = NULL;
    }
}

static void take_part(void *context, int index)
{
    Choice *choice = context;
    if (index == RECEIVER)
        receive_from_both(choice);
    else
        send_items(choice->queues[index], choice->each);
}

static double select_of_two(const Cell *cell)
{
    Choice choice = { .queues = { queue_new(CAPACITY, sizeof(uint64_t)),
                                  queue_new(CAPACITY, sizeof(uint64_t)) },
                      .each = cell->count / 2 };
    long long ns = bench_threads(3, take_part, &choice);
    queue_free(&choice.queues[0]);
    queue_free(&choice.queues[1]);
    bench_check(choice.sum == 2 * bench_sum(choice.each),
                "the sum is wrong");
    return (double)ns / (double)(2 * choice.each);
}

const Cell ours_select_cells[] = {
    { "queue-select", select_of_two, 3, 20000000, 0 }, BENCH_END
};
