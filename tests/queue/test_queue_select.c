// The promises of queue_select to one thread: which case is done, and that no
// other is. Sleeping is in test_queue_select_waiting.c, crowds are in
// test_queue_select_load.c.

#include "queue_checks.h"

enum { NOBODY = 77 };  // an index that no select sets

static WaitResult try_select(QueueCase cases[], size_t count, size_t *chosen)
{
    return queue_select_until(cases, count, chosen, DEADLINE_NOW);
}

// Which case is done

enum { MANY = 20 };  // more than there is room for without allocating

// Receives from `count` queues; exactly one of them has an item.
static void select_one_of(size_t count, size_t ready)
{
    Queue *queues[MANY] = { NULL };
    QueueCase cases[MANY];
    int items[MANY];
    for (size_t i = 0; i < count; i++) {
        queues[i] = queue_new(1, sizeof(int));
        items[i] = -1;
        cases[i] = receiving(queues[i], &items[i]);
    }
    size_t chosen = NOBODY;
    send_int(queues[ready], 5);
    CHECK_INT(queue_select(cases, count, &chosen), WAIT_OK);
    CHECK_INT(chosen, ready);
    for (size_t i = 0; i < count; i++) {
        CHECK_INT(items[i], i == ready ? 5 : -1);
        CHECK_INT(queue_size(queues[i]), 0);
        queue_free(&queues[i]);
    }
}

TEST(receives, "of 1 to 20 queues the one with an item is received from")
{
    static const size_t counts[] = { 1, 2, 3, 16, 17, MANY };
    for (int i = 0; i < 6; i++)
        for (size_t ready = 0; ready < counts[i]; ready++)
            select_one_of(counts[i], ready);
}

TEST(sends, "of several queues the one with room is sent to")
{
    for (size_t ready = 0; ready < 3; ready++) {
        Queue *queues[3];
        QueueCase cases[3];
        int items[] = { 10, 11, 12 };
        for (size_t i = 0; i < 3; i++) {
            queues[i] = i == ready ? queue_new(2, sizeof(int)) : full_queue(1);
            cases[i] = sending(queues[i], &items[i]);
        }
        size_t chosen = NOBODY;
        CHECK_INT(queue_select(cases, 3, &chosen), WAIT_OK);
        CHECK_INT(chosen, ready);
        for (size_t i = 0; i < 3; i++) {
            CHECK_INT(queue_size(queues[i]), 1);
            CHECK_INT(receive_int(queues[i]), i == ready ? items[i] : 0);
            queue_free(&queues[i]);
        }
    }
}

TEST(both_kinds, "sends and receives may stand in any order in one select")
{
    Queue *full = full_queue(1), *empty = queue_new(1, sizeof(int));
    int send = 7, item = -1;
    QueueCase cases[] = { sending(full, &send), receiving(empty, &item),
                          receiving(full, &item), sending(empty, &send) };
    size_t chosen = NOBODY;
    CHECK_INT(try_select(cases, 2, &chosen), WAIT_TIMED_OUT);
    CHECK_INT(try_select(cases, 3, &chosen), WAIT_OK);
    CHECK_INT(chosen, 2);
    CHECK_INT(item, 0);

    item = -1;
    cases[0].queue = cases[2].queue = NULL;
    CHECK_INT(queue_select(cases, 4, &chosen), WAIT_OK);
    CHECK_INT(chosen, 3);
    CHECK_INT(item, -1);
    CHECK_INT(receive_int(empty), 7);
    CHECK_INT(send, 7);
    queue_free(&full);
    queue_free(&empty);
}

TEST(no_size, "items of no size are sent and received too")
{
    Queue *queue = queue_new(2, 0);
    char nothing = 'n';  // its address only says which it is
    QueueCase send[] = { sending(queue, &nothing) };
    QueueCase receive[] = { receiving(queue, &nothing) };
    size_t chosen = NOBODY;
    CHECK_INT(try_select(receive, 1, &chosen), WAIT_TIMED_OUT);
    CHECK_INT(queue_select(send, 1, &chosen), WAIT_OK);
    CHECK_INT(queue_select(send, 1, &chosen), WAIT_OK);
    CHECK_INT(try_select(send, 1, &chosen), WAIT_TIMED_OUT);
    CHECK_INT(queue_size(queue), 2);
    CHECK_INT(queue_select(receive, 1, &chosen), WAIT_OK);
    CHECK_INT(queue_size(queue), 1);
    CHECK_INT(nothing, 'n');
    queue_free(&queue);
}

TEST(same_queue_twice, "two cases may receive from one queue: one of them does")
{
    Queue *queue = full_queue(4);
    for (int i = 0; i < 4; i++) {
        int items[] = { -1, -1 };
        QueueCase cases[] = { receiving(queue, &items[0]),
                              receiving(queue, &items[1]) };
        size_t chosen = NOBODY;
        CHECK_INT(queue_select(cases, 2, &chosen), WAIT_OK);
        CHECK(chosen < 2);
        CHECK_INT(items[chosen], i);
        CHECK_INT(items[!chosen], -1);
        CHECK_INT(queue_size(queue), 3 - i);
    }
    queue_free(&queue);
}

TEST(same_queue_both_ways, "one select may send to and receive from one queue")
{
    for (int capacity = 1; capacity <= 2; capacity++) {
        Queue *queue = queue_new((size_t)capacity, sizeof(int));
        int sent = 0, received = 0;
        while (received < 50) {
            int item = -1;
            QueueCase cases[] = { sending(queue, &sent),
                                  receiving(queue, &item) };
            size_t chosen = NOBODY;
            CHECK_INT(queue_select(cases, 2, &chosen), WAIT_OK);
            CHECK_INT(item, chosen == 1 ? received : -1);
            if (chosen == 1)
                received++;
            else
                sent++;
            CHECK_INT(queue_size(queue), sent - received);
        }
        queue_free(&queue);
    }
}

// NULL

TEST(null_cases, "a case without a queue is never ready, whatever else it has")
{
    Queue *queue = full_queue(3);
    int item = -1, other = -1;
    QueueCase cases[] = { { .receive = &other },
                          { .send = &other },
                          receiving(queue, &item),
                          { 0 },
                          { .send = &other, .receive = &other } };
    for (int i = 0; i < 3; i++) {
        size_t chosen = NOBODY;
        CHECK_INT(queue_select(cases, 5, &chosen), WAIT_OK);
        CHECK_INT(chosen, 2);
        CHECK_INT(item, i);
    }
    size_t chosen = NOBODY;
    CHECK_INT(try_select(cases, 5, &chosen), WAIT_TIMED_OUT);
    CHECK_INT(queue_select_until(cases, 5, &chosen, deadline_in_ms(5)),
              WAIT_TIMED_OUT);
    CHECK_INT(chosen, NOBODY);
    CHECK_INT(other, -1);
    queue_free(&queue);
}

TEST(all_null, "without any queue there is nothing to wait for")
{
    QueueCase cases[MANY] = { { 0 } };
    for (size_t count = 0; count <= MANY; count++) {
        size_t chosen = NOBODY;
        CHECK_INT(queue_select(cases, count, &chosen), WAIT_CLOSED);
        CHECK_INT(chosen, count);
        chosen = NOBODY;
        CHECK_INT(try_select(cases, count, &chosen), WAIT_CLOSED);
        CHECK_INT(chosen, count);
        chosen = NOBODY;
        CHECK_INT(queue_select_fair(cases, count, &chosen, DEADLINE_NEVER),
                  WAIT_CLOSED);
        CHECK_INT(chosen, count);
    }
    size_t chosen = NOBODY;
    CHECK_INT(queue_select(NULL, 0, &chosen), WAIT_CLOSED);
    CHECK_INT(chosen, 0);
}

// Closing

TEST(closed_receive,
     "what is stored in a closed queue comes first, then closed")
{
    for (int stored = 0; stored < 3; stored++) {
        Queue *closed = full_queue(stored), *open = queue_new(1, sizeof(int));
        int item = -1, other = -1;
        QueueCase cases[] = { receiving(open, &other),
                              receiving(closed, &item) };
        queue_close(closed);
        for (int i = 0; i < stored; i++) {
            size_t chosen = NOBODY;
            CHECK_INT(queue_select(cases, 2, &chosen), WAIT_OK);
            CHECK_INT(chosen, 1);
            CHECK_INT(item, i);
        }
        for (int i = 0; i < 3; i++) {
            size_t chosen = NOBODY;
            item = -1;
            CHECK_INT(i % 2 ? try_select(cases, 2, &chosen)
                            : queue_select(cases, 2, &chosen),
                      WAIT_CLOSED);
            CHECK_INT(chosen, 1);
            CHECK_INT(item, -1);
        }
        CHECK_INT(other, -1);
        queue_free(&closed);
        queue_free(&open);
    }
}

TEST(closed_send, "a closed queue that is sent to is ready: the send fails")
{
    for (int stored = 0; stored < 3; stored++) {
        Queue *closed = full_queue(stored), *full = full_queue(1);
        int item = 9;
        QueueCase cases[] = { sending(full, &item), sending(closed, &item) };
        size_t chosen = NOBODY;
        queue_close(closed);
        CHECK_INT(queue_select(cases, 2, &chosen), WAIT_CLOSED);
        CHECK_INT(chosen, 1);
        chosen = NOBODY;
        CHECK_INT(try_select(cases, 2, &chosen), WAIT_CLOSED);
        CHECK_INT(chosen, 1);
        CHECK_INT(queue_size(closed), stored);
        CHECK_INT(queue_size(full), 1);
        queue_free(&closed);
        queue_free(&full);
    }
}

// Deadlines

TEST(expired, "what can be done at once is done after the deadline too")
{
    Deadline passed[] = { DEADLINE_NOW, deadline_in_ms(-1), deadline_in_ms(1) };
    while (deadline_remaining_ns(passed[2]) > 0)
        test_let_others_run();
    for (int i = 0; i < 3; i++) {
        Queue *queue = full_queue(1), *empty = queue_new(0, sizeof(int));
        int item = -1;
        QueueCase cases[] = { receiving(empty, &item),
                              receiving(queue, &item) };
        size_t chosen = NOBODY;
        CHECK_INT(queue_select_until(cases, 2, &chosen, passed[i]), WAIT_OK);
        CHECK_INT(chosen, 1);
        CHECK_INT(item, 0);
        chosen = NOBODY;
        CHECK_INT(queue_select_until(cases, 2, &chosen, passed[i]),
                  WAIT_TIMED_OUT);
        CHECK_INT(chosen, NOBODY);
        queue_free(&queue);
        queue_free(&empty);
    }
}

TEST(not_early, "no select gives up before the deadline, or moves anything")
{
    for (int capacity = 0; capacity < 3; capacity++) {
        Queue *full = full_queue(capacity), *empty = queue_new(2, sizeof(int));
        int send = 9, item = -1;
        QueueCase cases[] = { sending(full, &send), receiving(empty, &item) };
        size_t chosen = NOBODY;
        Deadline deadline = deadline_in_ms(20);
        CHECK_INT(queue_select_until(cases, 2, &chosen, deadline),
                  WAIT_TIMED_OUT);
        CHECK_INT(deadline_remaining_ns(deadline), 0);
        CHECK_INT(chosen, NOBODY);
        CHECK_INT(item, -1);

        CHECK_INT(queue_size(full), capacity);  // and no thread is left waiting
        for (int i = 0; i < capacity; i++)
            CHECK_INT(receive_int(full), i);
        check_nothing(full, WAIT_TIMED_OUT);
        CHECK_INT(try_send_int(empty, 1), WAIT_OK);
        CHECK_INT(item, -1);
        queue_free(&full);
        queue_free(&empty);
    }
}

// Misuse

static void neither(void)
{
    Queue *queue = queue_new(1, sizeof(int));
    int item = 0;
    QueueCase cases[] = { sending(queue, &item), { .queue = queue } };
    size_t chosen;
    queue_select(cases, 2, &chosen);
}

static void both(void)
{
    Queue *queue = queue_new(1, sizeof(int));
    int item = 0;
    QueueCase cases[] = { { queue, &item, &item } };
    size_t chosen;
    queue_select_fair(cases, 1, &chosen, DEADLINE_NOW);
}

TEST(neither_or_both, "a case that does neither or both dies, and says which")
{
    CHECK_DIES(neither, "test_queue_select.c:");
    CHECK_DIES(neither, "queue_select: case 1 must either send or receive");
    CHECK_DIES(both, "queue_select: case 0 must either send or receive");
}
