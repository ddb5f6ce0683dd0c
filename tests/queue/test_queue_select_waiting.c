// Events that wake a select that sleeps; exactly one case is done. That a
// thread sleeps cannot be seen from outside, only made very probable; so these
// tests hold as well when it does not sleep yet.

#include "queue_select_checks.h"

// Fails if anybody waits to receive from any but one of these empty queues.
static void check_nobody_else(Queue *queues[], int but)
{
    for (int i = 0; i < CASES; i++) {
        if (i == but)
            continue;
        WaitResult result =
            queue_capacity(queues[i]) > 0 ? WAIT_OK : WAIT_TIMED_OUT;
        CHECK_INT(try_send_int(queues[i], 6), result);
        CHECK_INT(queue_size(queues[i]), result == WAIT_OK);
    }
}

static void wake_receiver(int capacity, int by)
{
    Queue *queues[CASES];
    Choice choice;
    make_queues(queues, capacity, false);
    receive_from_any(&choice, queues);
    start_select(&choice, deadline_in_ms(60 * 1000));
    send_int(queues[by], 5);
    if (capacity == 0)  // it is taken, so the choice is made
        check_nobody_else(queues, by);
    check_select(&choice, WAIT_OK, (size_t)by);
    check_nobody_else(queues, by);
    CHECK_INT(choice.items[by], 5);
    CHECK_INT(queue_size(queues[by]), 0);
    free_queues(queues);
}

static void wake_sender(int capacity, int by)
{
    Queue *queues[CASES];
    Choice choice;
    make_queues(queues, capacity, true);
    send_to_any(&choice, queues);
    start_select(&choice, DEADLINE_NEVER);
    for (int i = 0; i < capacity; i++)
        CHECK_INT(receive_int(queues[by]), i);
    CHECK_INT(receive_int(queues[by]), 100 + by);
    check_select(&choice, WAIT_OK, (size_t)by);
    for (int i = 0; i < CASES; i++) {
        CHECK_INT(queue_size(queues[i]), i == by ? 0 : capacity);
        for (int k = 0; i != by && k < capacity; k++)
            CHECK_INT(receive_int(queues[i]), k);
        check_nothing(queues[i], WAIT_TIMED_OUT);
    }
    free_queues(queues);
}

TEST(item_wakes, "a select that waits to receive wakes for the first item")
{
    for (int capacity = 0; capacity < 3; capacity++)
        for (int by = 0; by < CASES; by++)
            wake_receiver(capacity, by);
}

TEST(room_wakes, "a select that waits to send wakes for the first room")
{
    for (int capacity = 0; capacity < 3; capacity++)
        for (int by = 0; by < CASES; by++)
            wake_sender(capacity, by);
}

static void wake_without_size(size_t capacity, bool to_send)
{
    Queue *queue = queue_new(capacity, 0), *other = queue_new(0, 0);
    Choice choice = { .count = 0 };
    or_receive(&choice, other);
    if (to_send)
        or_send(&choice, queue, 1);
    else
        or_receive(&choice, queue);
    for (size_t i = 0; to_send && i < capacity; i++)
        CHECK(queue_send(queue, NULL));
    start_select(&choice, DEADLINE_NEVER);
    CHECK(to_send ? queue_receive(queue, NULL) : queue_send(queue, NULL));
    check_select(&choice, WAIT_OK, 1);
    CHECK_INT(queue_size(queue), to_send ? capacity : 0);
    CHECK_INT(choice.items[1], to_send ? 1 : -1);
    queue_free(&queue);
    queue_free(&other);
}

TEST(no_size_wakes, "a select wakes for items of no size, and their room")
{
    for (size_t capacity = 0; capacity < 3; capacity++) {
        wake_without_size(capacity, false);
        wake_without_size(capacity, true);
    }
}

static void wake_by_closing(int capacity, bool to_send, int by)
{
    Queue *queues[CASES];
    Choice choice;
    make_queues(queues, capacity, to_send);
    if (to_send)
        send_to_any(&choice, queues);
    else
        receive_from_any(&choice, queues);
    start_select(&choice, DEADLINE_NEVER);
    CHECK(queue_close(queues[by]));
    check_select(&choice, WAIT_CLOSED, (size_t)by);
    for (int i = 0; i < CASES; i++)
        CHECK_INT(queue_size(queues[i]), to_send ? capacity : 0);
    free_queues(queues);
}

TEST(closing_wakes, "a select wakes when one of its queues is closed")
{
    for (int capacity = 0; capacity < 2; capacity++) {
        for (int by = 0; by < CASES; by++) {
            wake_by_closing(capacity, false, by);
            wake_by_closing(capacity, true, by);
        }
    }
}
