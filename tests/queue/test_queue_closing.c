// Queues that close while calls of every kind are under way. The items received
// must be the items sent.

#include <stdlib.h>

#include "queue_checks.h"

enum { WAYS = 4 };

static WaitResult send_somehow(Queue *queue, long item, int way)
{
    QueueCase one = sending(queue, &item);
    size_t chosen;
    switch (way % WAYS) {
    case 0:
        return queue_send_until(queue, &item, DEADLINE_NEVER);
    case 1:
        return queue_send_until(queue, &item, DEADLINE_NOW);
    case 2:
        return queue_send_until(queue, &item, about_now(way));
    default:
        return queue_select_until(&one, 1, &chosen, about_now(way));
    }
}

static WaitResult receive_somehow(Queue *queue, long *item, int way)
{
    QueueCase one = receiving(queue, item);
    size_t chosen;
    switch (way % WAYS) {
    case 0:
        return queue_receive_until(queue, item, DEADLINE_NEVER);
    case 1:
        return queue_receive_until(queue, item, DEADLINE_NOW);
    case 2:
        return queue_receive_until(queue, item, about_now(way));
    default:
        return queue_select_until(&one, 1, &chosen, about_now(way));
    }
}

// A thread that sends and receives in all ways.
typedef struct Hand {
    Queue *queue;
    int number;
    Tally sent, received;
} Hand;

static WaitResult send_tallied(Hand *hand, int i)
{
    long item = (long)i * 8 + hand->number;
    WaitResult result = send_somehow(hand->queue, item, i / 2);
    if (result == WAIT_OK)
        add(&hand->sent, item);
    return result;
}

static WaitResult receive_tallied(Hand *hand, int i)
{
    long item = -1;
    WaitResult result = receive_somehow(hand->queue, &item, i / 2);
    if (result == WAIT_OK)
        add(&hand->received, item);
    else
        CHECK_INT(item, -1);
    return result;
}

// Until the queue closes; and then takes what is left.
static void deal(WorkerContext *self)
{
    Hand *hand = self->worker_data;
    WaitResult result = WAIT_OK;
    int i = hand->number * 3;
    for (; result != WAIT_CLOSED; i++)
        result = i % 2 ? send_tallied(hand, i) : receive_tallied(hand, i);
    while (receive_tallied(hand, i) != WAIT_CLOSED)
        i++;
}

static void deal_and_close(size_t capacity, int round)
{
    enum { HANDS = 4 };
    Queue *queue = queue_new(capacity, sizeof(long));
    Hand hands[HANDS + 1] = { { .queue = queue, .number = HANDS } };
    Worker *workers[HANDS];
    for (int i = 0; i < HANDS; i++) {
        hands[1 + i] = (Hand){ .queue = queue, .number = i };
        workers[i] = worker_start(deal, &hands[1 + i]);
    }
    for (int i = 0; i < 4 * (round % 8); i++)
        send_tallied(&hands[0], 2);  // tries, and never waits
    CHECK(queue_close(queue));
    join_all(workers, HANDS);

    Tally sent = { 0 }, received = { 0 };
    for (int i = 0; i <= HANDS; i++) {
        add_tally(&sent, hands[i].sent);
        add_tally(&received, hands[i].received);
    }
    check_equal(received, sent);
    queue_free(&queue);
}

TEST(close_on_all_ways, "closing races with calls of every kind: none is lost")
{
    static const size_t capacities[] = { 0, 1, 2, 1024 };
    for (int i = 0; i < 4; i++)
        for (int round = 0; round < 32; round++)
            deal_and_close(capacities[i], round);
}

// To copy a huge item takes so long that the queue is closed meanwhile.
enum { HUGE_ITEM = 1 << 18 };

typedef struct Huge {
    Queue *queue;
    int sent;
} Huge;

static void send_huge(WorkerContext *self)
{
    Huge *huge = self->worker_data;
    void *item = calloc(1, HUGE_ITEM);
    while (queue_send(huge->queue, item))
        huge->sent++;
    free(item);
}

// Receives the items that are stored and on their way; returns how many there
// were.
static int receive_rest(Queue *queue, void *item, int way)
{
    size_t chosen;
    int count = 0;
    for (WaitResult result = WAIT_OK; result == WAIT_OK; count++) {
        QueueCase one = receiving(queue, item);
        result = way % 2 ? queue_receive_until(queue, item, DEADLINE_NOW)
                         : queue_select_until(&one, 1, &chosen, DEADLINE_NOW);
        CHECK(result != WAIT_TIMED_OUT);
    }
    return count - 1;
}

TEST(closed_on_the_way, "what was on its way as the queue closed still comes")
{
    void *item = calloc(1, HUGE_ITEM);
    for (int round = 0; round < 200; round++) {
        Huge huge = { .queue = queue_new(1 + (size_t)round % 2, HUGE_ITEM) };
        Worker *sender = worker_start(send_huge, &huge);
        int received = round % 3;
        for (int i = 0; i < received; i++)
            CHECK(queue_receive(huge.queue, item));
        Deadline soon = in_ns(round % 50 * 4000);
        while (deadline_remaining_ns(soon) > 0)
            continue;
        CHECK(queue_close(huge.queue));
        received += receive_rest(huge.queue, item, round / 2);
        worker_join(&sender);
        CHECK_INT(received, huge.sent);
        queue_free(&huge.queue);
    }
    free(item);
}
