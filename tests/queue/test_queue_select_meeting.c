// Selects that meet: other selects, others in the line, themselves.

#include "queue_select_checks.h"

// Partners

TEST(try_meets, "a select that only tries meets those who wait")
{
    Queue *queue = queue_new(0, sizeof(int)), *other = queue_new(0, 1);
    char nothing;
    int item = 5;
    QueueCase cases[] = { receiving(other, &nothing), sending(queue, &item) };
    size_t chosen = NOBODY;
    Call receiver, sender;
    start_receiving(&receiver, queue, DEADLINE_NEVER);
    while (queue_select_until(cases, 2, &chosen, DEADLINE_NOW) != WAIT_OK)
        test_let_others_run();
    CHECK_INT(chosen, 1);
    check_join(&receiver, WAIT_OK, 5);

    cases[1] = receiving(queue, &item);
    start_sending(&sender, queue, 6, DEADLINE_NEVER);
    while (queue_select_until(cases, 2, &chosen, DEADLINE_NOW) != WAIT_OK)
        test_let_others_run();
    CHECK_INT(item, 6);
    check_join(&sender, WAIT_OK, 6);
    queue_free(&queue);
    queue_free(&other);
}

TEST(select_meets_select, "two selects meet at one queue, and at that only")
{
    for (int sends_first = 0; sends_first < 2; sends_first++) {
        Queue *there = queue_new(0, sizeof(int));
        Queue *back = queue_new(0, sizeof(int));
        Choice one = { .count = 0 }, two = { .count = 0 };
        or_send(&one, there, 1);
        or_receive(&one, back);
        or_send(&two, back, 2);
        or_receive(&two, there);
        start_select(sends_first ? &one : &two, DEADLINE_NEVER);
        start_select(sends_first ? &two : &one, DEADLINE_NEVER);
        worker_join(&one.worker);
        worker_join(&two.worker);
        CHECK_INT(one.result, WAIT_OK);
        CHECK_INT(two.result, WAIT_OK);
        CHECK_INT(one.chosen, !two.chosen);
        CHECK_INT(one.items[1], one.chosen == 1 ? 2 : -1);
        CHECK_INT(two.items[1], two.chosen == 1 ? 1 : -1);
        queue_free(&there);
        queue_free(&back);
    }
}

TEST(not_with_itself, "a select is not its own partner, but another's")
{
    Queue *queue = queue_new(0, sizeof(int));
    for (int sends = 0; sends < 2; sends++) {
        Choice choice = { .count = 0 };
        or_send(&choice, queue, 1);
        or_receive(&choice, queue);
        or_receive(&choice, queue);
        start_select(&choice, DEADLINE_NEVER);
        if (sends)
            send_int(queue, 2);
        else
            CHECK_INT(receive_int(queue), 1);
        check_nothing(queue, WAIT_TIMED_OUT);
        CHECK_INT(try_send_int(queue, 3), WAIT_TIMED_OUT);
        worker_join(&choice.worker);
        CHECK_INT(choice.chosen > 0, sends);
        CHECK_INT(choice.items[1] + choice.items[2], sends ? 2 - 1 : -2);
    }
    queue_free(&queue);
}

// Order

enum { LINE = 6 };

// Every other one selects, and has another queue to wait for.
static bool serve_line(int capacity)
{
    Queue *queue = queue_new((size_t)capacity, sizeof(int));
    Queue *other = queue_new(1, sizeof(int));
    Call calls[LINE];
    Choice choices[LINE];
    for (int i = 0; i < LINE; i++) {
        choices[i] = (Choice){ .count = 0 };
        or_receive(&choices[i], other);
        or_receive(&choices[i], queue);
        if (i % 2)
            start_select(&choices[i], DEADLINE_NEVER);
        else
            start_receiving(&calls[i], queue, DEADLINE_NEVER);
    }
    for (int i = 0; i < LINE; i++)
        send_int(queue, i);
    bool in_order = true;
    for (int i = 0; i < LINE; i++) {
        worker_join(i % 2 ? &choices[i].worker : &calls[i].worker);
        in_order =
            in_order && (i % 2 ? choices[i].items[1] : calls[i].item) == i;
    }
    queue_free(&queue);
    queue_free(&other);
    return in_order;
}

TEST(in_order, "selects stand in line like everybody else")
{
    for (int capacity = 0; capacity < 2; capacity++)
        check_order(serve_line, capacity);
}

// The select stands first in both lines, and is served in one. Then the thread
// that stands second in the other line is first, at once.
static bool leave_line(int capacity)
{
    Queue *queue = queue_new((size_t)capacity, sizeof(int));
    Queue *other = queue_new(0, sizeof(int));
    Choice choice = { .count = 0 };
    Call second;
    or_receive(&choice, queue);
    or_receive(&choice, other);
    start_select(&choice, DEADLINE_NEVER);
    start_receiving(&second, queue, DEADLINE_NEVER);
    send_int(other, 1);
    bool in_order = try_send_int(queue, 2) == WAIT_OK;
    if (!in_order)
        send_int(queue, 2);
    check_select(&choice, WAIT_OK, 1);
    check_join(&second, WAIT_OK, 2);
    queue_free(&queue);
    queue_free(&other);
    return in_order;
}

TEST(leaves_lines, "who was served in one line is no hindrance in another")
{
    for (int capacity = 0; capacity < 2; capacity++)
        check_order(leave_line, capacity);
}

TEST(gives_up, "who gives up leaves all lines")
{
    Queue *queues[CASES];
    Choice choice;
    Call seconds[CASES];
    make_queues(queues, 0, false);
    receive_from_any(&choice, queues);
    start_select(&choice, deadline_in_ms(50));
    for (int i = 0; i < CASES; i++)
        start_receiving(&seconds[i], queues[i], DEADLINE_NEVER);
    check_select(&choice, WAIT_TIMED_OUT, NOBODY);
    for (int i = 0; i < CASES; i++) {
        send_int(queues[i], i);
        check_join(&seconds[i], WAIT_OK, i);
    }
    free_queues(queues);
}

// Freeing

TEST(freed_at_once, "queues may be freed as soon as the select has returned")
{
    for (int i = 0; i < 500; i++) {
        Queue *queues[CASES];
        Choice choice;
        make_queues(queues, i % 2, false);
        receive_from_any(&choice, queues);
        Call sender = { .queue = queues[i % CASES],
                        .deadline = DEADLINE_NEVER };
        sender.worker = worker_start(run_send, &sender);
        CHECK_INT(queue_select(choice.cases, CASES, &choice.chosen), WAIT_OK);
        for (int k = 0; k < CASES; k++)
            if (k != i % CASES)
                queue_free(&queues[k]);
        check_join(&sender, WAIT_OK, 0);
        queue_free(&queues[i % CASES]);
    }
}

static void free_while_selecting(void)
{
    Queue *queues[CASES];
    Choice choice;
    make_queues(queues, 1, false);
    receive_from_any(&choice, queues);
    start_select(&choice, DEADLINE_NEVER);
    await_waiting(queues[1]);
    queue_free(&queues[1]);
}

TEST(free_while_waiting, "freeing a queue that a select waits for dies")
{
    CHECK_DIES(free_while_selecting, "queue_free: a thread still waits");
}
