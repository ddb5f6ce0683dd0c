// queue.h under faults.
#include "queue.h"

#include "faults.h"

static void fill_and_empty(void)
{
    Queue *queue = queue_new(4, sizeof(int));
    CHECK_INT((long long)queue_capacity(queue), 4);
    for (int i = 0; i < 4; i++)
        CHECK(queue_send(queue, &i));
    int item = 4;
    CHECK(queue_send_until(queue, &item, DEADLINE_NOW) == WAIT_TIMED_OUT);
    CHECK(queue_send_until(queue, &item, deadline_in_ms(1)) == WAIT_TIMED_OUT);
    CHECK_INT((long long)queue_size(queue), 4);
    CHECK(queue_receive(queue, &item) && item == 0);
    CHECK(queue_close(queue));
    CHECK(!queue_close(queue));
    for (int i = 1; i < 4; i++)
        CHECK(queue_receive_until(queue, &item, DEADLINE_NOW) == WAIT_OK);
    CHECK(!queue_receive(queue, &item));
    queue_free(&queue);
}

TEST(stored, "a queue that stores items")
{
    try_faults(fill_and_empty, (FaultOptions){ 0 });
}

// Two threads, and the waiting thread sleeps.

static void *take_all(void *arg)
{
    int item;
    while (queue_receive(arg, &item))
        continue;
    return NULL;
}

static void send_to_sleepers(size_t capacity)
{
    Queue *queue = queue_new(capacity, sizeof(int));
    pthread_t one = start_thread(take_all, queue);
    pthread_t other = start_thread(take_all, queue);
    wait_for_sleepers(2);
    for (int i = 0; i < 3; i++)
        CHECK(queue_send(queue, &i));
    wait_for_sleepers(2);
    queue_close(queue);
    join_thread(one);
    join_thread(other);
    queue_free(&queue);
}

static void hand_over(void)
{
    send_to_sleepers(0);
}

static void send_to_stored(void)
{
    send_to_sleepers(1);
}

TEST(rendezvous, "receivers that sleep, and a queue that stores nothing")
{
    try_faults(hand_over, (FaultOptions){ 0 });
}

TEST(sleepers, "receivers that sleep")
{
    try_faults(send_to_stored, (FaultOptions){ 0 });
}

// Selects.

enum { CASES = 20 };  // more than there is room for without memory

static void make_cases(QueueCase cases[CASES], int *item)
{
    for (int i = 0; i < CASES; i++)
        cases[i] = (QueueCase){ queue_new(1, sizeof *item), NULL, item };
}

static void free_queues(QueueCase cases[CASES])
{
    for (int i = 0; i < CASES; i++)
        queue_free(&cases[i].queue);
}

static void select_ready(void)
{
    QueueCase cases[CASES];
    int item = 7, received = 0;
    size_t chosen = 0;
    make_cases(cases, &received);
    CHECK(queue_send(cases[3].queue, &item));
    CHECK(queue_select_fair(cases, CASES, &chosen, DEADLINE_NEVER) == WAIT_OK);
    CHECK(chosen == 3);
    CHECK_INT(received, 7);
    CHECK(queue_select_until(cases, CASES, &chosen, deadline_in_ms(1)) ==
          WAIT_TIMED_OUT);
    CHECK(queue_send(cases[4].queue, &item));
    CHECK(queue_send(cases[5].queue, &item));
    CHECK(queue_select(cases, CASES, &chosen) == WAIT_OK);
    CHECK(chosen == 4);
    CHECK_INT((long long)queue_size(cases[5].queue), 1);
    free_queues(cases);
}

TEST(selects, "a select from many queues")
{
    try_faults(select_ready, (FaultOptions){ 0 });
}

static void *select_all(void *arg)
{
    QueueCase *cases = arg;
    size_t chosen, left = CASES;
    while (queue_select(cases, CASES, &chosen) == WAIT_OK)
        left--;
    CHECK(chosen == CASES - 1 && left >= CASES - 2);
    return NULL;
}

static void select_asleep(void)
{
    QueueCase cases[CASES];
    int received, item = 7;
    make_cases(cases, &received);
    pthread_t thread = start_thread(select_all, cases);
    for (int i = 0; i < 2; i++) {
        wait_for_sleepers(1);
        CHECK(queue_send(cases[i].queue, &item));
    }
    wait_for_sleepers(1);
    queue_close(cases[CASES - 1].queue);
    join_thread(thread);
    free_queues(cases);
}

TEST(select_waits, "a select that sleeps until a send, or a close")
{
    try_faults(select_asleep, (FaultOptions){ 0 });
}
