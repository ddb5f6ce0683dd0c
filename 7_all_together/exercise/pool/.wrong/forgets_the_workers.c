// Two workers take numbers from one queue, and send the squares to another.
// Main should print the sum of all squares, 5, and everything should end:
// no worker waits for ever, and no square is lost. Now it is stuck.
#include <stdio.h>

#include "queue.h"
#include "worker_threads.h"

typedef struct Queues {
    Queue *numbers, *squares;
} Queues;

static void square(WorkerContext *self)
{
    Queues *queues = self->worker_data;
    int number;
    while (queue_receive(queues->numbers, &number))
        queue_send(queues->squares, &(int){ number * number });
}

int main(void)
{
    Queues queues = { .numbers = queue_new(2, sizeof(int)),
                      .squares = queue_new(2, sizeof(int)) };
    worker_start_named("W1", square, &queues);
    worker_start_named("W2", square, &queues);

    for (int number = 1; number <= 2; number++)
        queue_send(queues.numbers, &number);
    int sum = 0, number;
    for (int i = 0; i < 2 && queue_receive(queues.squares, &number); i++)
        sum += number;
    printf("%d\n", sum);
    queue_free(&queues.numbers);
    queue_free(&queues.squares);
}
