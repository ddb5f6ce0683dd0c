// Shared by the tests of selects that sleep.

#ifndef QUEUE_SELECT_CHECKS_H
#define QUEUE_SELECT_CHECKS_H

#include "queue_checks.h"

enum { CASES = 3, NOBODY = 77 };  // 77: an index that no select sets

// One select in a thread of its own, and when that is joined, what came of it.
typedef struct Choice {
    QueueCase cases[CASES];
    int items[CASES];
    size_t count, chosen;
    Deadline deadline;
    WaitResult result;
    atomic_bool done;
    Worker *worker;
} Choice;

static inline void or_receive(Choice *choice, Queue *queue)
{
    int *item = &choice->items[choice->count];
    *item = -1;
    choice->cases[choice->count++] = receiving(queue, item);
}

static inline void or_send(Choice *choice, Queue *queue, int number)
{
    int *item = &choice->items[choice->count];
    *item = number;
    choice->cases[choice->count++] = sending(queue, item);
}

static inline void run_select(WorkerContext *self)
{
    Choice *choice = self->worker_data;
    choice->result = queue_select_until(choice->cases, choice->count,
                                        &choice->chosen, choice->deadline);
    atomic_store(&choice->done, true);
}

static inline const void *last_in_its_line(const QueueCase *c)
{
    return c->queue ? last_in_line(c->queue, c->send != NULL) : NULL;
}

// It goes into all lines at once, and this waits for the last.
static inline void wait_until_in_line(Choice *choice, const void *before)
{
    while (!atomic_load(&choice->done) &&
           last_in_its_line(&choice->cases[choice->count - 1]) == before)
        sched_yield();
}

static inline void start_select(Choice *choice, Deadline deadline)
{
    choice->deadline = deadline;
    choice->chosen = NOBODY;
    atomic_store(&choice->done, false);
    const void *before = last_in_its_line(&choice->cases[choice->count - 1]);
    choice->worker = worker_start(run_select, choice);
    wait_until_in_line(choice, before);
}

// Fails unless that came of it, and all items but that of the case that was
// done are as they were.
static inline void check_select(Choice *choice, WaitResult result,
                                size_t chosen)
{
    worker_join(&choice->worker);
    CHECK_INT(choice->result, result);
    CHECK_INT(choice->chosen, chosen);
    for (size_t i = 0; i < choice->count; i++)
        if (choice->cases[i].receive && !(result == WAIT_OK && i == chosen))
            CHECK_INT(choice->items[i], -1);
}

// Three queues, all empty or all full.
static inline void make_queues(Queue *queues[], int capacity, bool full)
{
    for (int i = 0; i < CASES; i++)
        queues[i] = full ? full_queue(capacity)
                         : queue_new((size_t)capacity, sizeof(int));
}

static inline void free_queues(Queue *queues[])
{
    for (int i = 0; i < CASES; i++)
        queue_free(&queues[i]);
}

static inline void receive_from_any(Choice *choice, Queue *queues[])
{
    *choice = (Choice){ .count = 0 };
    for (int i = 0; i < CASES; i++)
        or_receive(choice, queues[i]);
}

static inline void send_to_any(Choice *choice, Queue *queues[])
{
    *choice = (Choice){ .count = 0 };
    for (int i = 0; i < CASES; i++)
        or_send(choice, queues[i], 100 + i);
}

#endif
