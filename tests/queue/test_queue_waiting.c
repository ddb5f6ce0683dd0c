// Threads that wait for a queue: until when, in which order, and how closing
// wakes them. That a thread waits cannot be seen from outside, only made very
// probable; so these tests hold as well when it does not wait yet.

#include "queue_checks.h"

// Until when

typedef struct Flagged {
    Queue *queue;
    atomic_bool may_return;
} Flagged;

static void receive_flagged(WorkerContext *self)
{
    Flagged *flagged = self->worker_data;
    CHECK_INT(receive_int(flagged->queue), 7);
    CHECK(atomic_load(&flagged->may_return));
}

static void send_flagged(WorkerContext *self)
{
    Flagged *flagged = self->worker_data;
    send_int(flagged->queue, 7);
    CHECK(atomic_load(&flagged->may_return));
}

TEST(receive_waits, "a receiver waits until an item is sent")
{
    for (int capacity = 0; capacity < 3; capacity++) {
        Flagged flagged = { .queue = queue_new((size_t)capacity, sizeof(int)) };
        Worker *receiver = worker_start(receive_flagged, &flagged);
        test_let_others_run();
        atomic_store(&flagged.may_return, true);
        send_int(flagged.queue, 7);
        worker_join(&receiver);
        queue_free(&flagged.queue);
    }
}

TEST(send_waits, "a sender waits for room, or with capacity 0 for a receiver")
{
    for (int capacity = 0; capacity < 3; capacity++) {
        Flagged flagged = { .queue = full_queue(capacity) };
        Worker *sender = worker_start(send_flagged, &flagged);
        test_let_others_run();
        atomic_store(&flagged.may_return, true);
        for (int i = 0; i < capacity; i++)  // its item comes after the older
            CHECK_INT(receive_int(flagged.queue), i);
        CHECK_INT(receive_int(flagged.queue), 7);
        worker_join(&sender);
        queue_free(&flagged.queue);
    }
}

TEST(in_time, "who waits with a deadline gets what comes before it")
{
    Deadline far[] = { DEADLINE_NEVER, deadline_in_ms(60 * 1000),
                       deadline_in_ms(8LL * 1000 * 1000 * 1000 * 1000) };
    for (int i = 0; i < 3; i++) {
        Queue *queue = full_queue(1);
        Call sender, receiver;
        start_sending(&sender, queue, 1, far[i]);
        CHECK_INT(receive_int(queue), 0);
        CHECK_INT(receive_int(queue), 1);
        check_join(&sender, WAIT_OK, 1);

        start_receiving(&receiver, queue, far[i]);
        send_int(queue, 2);
        check_join(&receiver, WAIT_OK, 2);
        queue_free(&queue);
    }
}

TEST(expired_meets_partner, "a try succeeds when a partner waits")
{
    Queue *queue = queue_new(0, sizeof(int));
    Call receiver, sender;
    int item = 5;
    start_receiving(&receiver, queue, DEADLINE_NEVER);
    while (queue_send_until(queue, &item, DEADLINE_NOW) != WAIT_OK)
        test_let_others_run();
    check_join(&receiver, WAIT_OK, 5);

    start_sending(&sender, queue, 6, DEADLINE_NEVER);
    while (queue_receive_until(queue, &item, DEADLINE_NOW) != WAIT_OK)
        test_let_others_run();
    CHECK_INT(item, 6);
    check_join(&sender, WAIT_OK, 6);
    queue_free(&queue);
}

// Closing

enum { WAITERS = 3 };

static void close_on_receivers(int capacity, Deadline deadline)
{
    Queue *queue = queue_new((size_t)capacity, sizeof(int));
    Call receivers[WAITERS];
    for (int i = 0; i < WAITERS; i++)
        start_receiving(&receivers[i], queue, deadline);
    CHECK(queue_close(queue));
    for (int i = 0; i < WAITERS; i++)
        check_join(&receivers[i], WAIT_CLOSED, -1);
    queue_free(&queue);
}

static void close_on_senders(int capacity, Deadline deadline)
{
    Queue *queue = full_queue(capacity);
    Call senders[WAITERS];
    for (int i = 0; i < WAITERS; i++)
        start_sending(&senders[i], queue, 100 + i, deadline);
    CHECK(queue_close(queue));
    for (int i = 0; i < WAITERS; i++)
        check_join(&senders[i], WAIT_CLOSED, 100 + i);

    for (int i = 0; i < capacity; i++)  // and none of theirs
        CHECK_INT(receive_int(queue), i);
    int item;
    CHECK_INT(queue_receive_until(queue, &item, DEADLINE_NOW), WAIT_CLOSED);
    queue_free(&queue);
}

TEST(close_wakes_receivers, "closing wakes all who wait at an empty queue")
{
    close_on_receivers(2, DEADLINE_NEVER);
}

TEST(close_wakes_senders, "closing wakes all who wait at a full queue")
{
    close_on_senders(2, DEADLINE_NEVER);
}

TEST(close_wakes_receivers_0, "closing wakes receivers at a rendezvous")
{
    close_on_receivers(0, DEADLINE_NEVER);
}

TEST(close_wakes_senders_0, "closing wakes senders at a rendezvous")
{
    close_on_senders(0, DEADLINE_NEVER);
}

TEST(close_before_deadline, "closing wakes those with a deadline too")
{
    close_on_receivers(1, deadline_in_ms(60 * 1000));
    close_on_senders(1, deadline_in_ms(60 * 1000));
}

// Order

enum { LINE = 8 };

static bool serve_receivers(int capacity)
{
    Queue *queue = queue_new((size_t)capacity, sizeof(int));
    Call line[LINE];
    for (int i = 0; i < LINE; i++)
        start_receiving(&line[i], queue, DEADLINE_NEVER);
    for (int i = 0; i < LINE; i++)
        send_int(queue, i);
    bool in_order = true;
    for (int i = 0; i < LINE; i++) {
        worker_join(&line[i].worker);
        in_order = in_order && line[i].item == i;
    }
    queue_free(&queue);
    return in_order;
}

static bool serve_senders(int capacity)
{
    Queue *queue = full_queue(capacity);
    Call line[LINE];
    for (int i = 0; i < LINE; i++)
        start_sending(&line[i], queue, capacity + i, DEADLINE_NEVER);
    bool in_order = true;
    for (int i = 0; i < capacity + LINE; i++)
        in_order = receive_int(queue) == i && in_order;
    for (int i = 0; i < LINE; i++)
        worker_join(&line[i].worker);
    queue_free(&queue);
    return in_order;
}

TEST(receivers_in_order, "the receiver that has waited longest is served first")
{
    check_order(serve_receivers, 0);
    check_order(serve_receivers, 2);
}

TEST(senders_in_order, "the sender that has waited longest is served first")
{
    check_order(serve_senders, 0);
    check_order(serve_senders, 2);
}

// A thread that comes just when another has been served, before that one runs.
static bool push_in_as_receiver(int capacity)
{
    Queue *queue = queue_new((size_t)capacity, sizeof(int));
    Call first;
    start_receiving(&first, queue, DEADLINE_NEVER);
    send_int(queue, 1);
    int item = -1;
    bool pushed_in = queue_receive_until(queue, &item, DEADLINE_NOW) == WAIT_OK;
    if (pushed_in)
        send_int(queue, item);
    check_join(&first, WAIT_OK, 1);
    queue_free(&queue);
    return !pushed_in;
}

static bool push_in_as_sender(int capacity)
{
    Queue *queue = full_queue(capacity);
    Call first;
    start_sending(&first, queue, capacity, DEADLINE_NEVER);
    CHECK_INT(receive_int(queue), 0);
    int item = -1;
    bool pushed_in = queue_send_until(queue, &item, DEADLINE_NOW) == WAIT_OK;
    for (int i = 1; i <= capacity + pushed_in; i++)
        receive_int(queue);
    check_join(&first, WAIT_OK, capacity);
    queue_free(&queue);
    return !pushed_in;
}

TEST(no_pushing_in, "who comes later does not push in")
{
    for (int capacity = 1; capacity < 3; capacity++) {
        check_order(push_in_as_receiver, capacity);
        check_order(push_in_as_sender, capacity);
    }
}

// Three wait, one of them gives up, a fourth comes: the rest keep their order.
static bool serve_without(int quitter)
{
    Queue *queue = queue_new(0, sizeof(int));
    Call line[4];
    for (int i = 0; i < 3; i++)
        start_receiving(&line[i], queue,
                        i == quitter ? deadline_in_ms(80) : DEADLINE_NEVER);
    check_join(&line[quitter], WAIT_TIMED_OUT, -1);
    start_receiving(&line[3], queue, DEADLINE_NEVER);
    for (int i = 0; i < 4; i++)
        if (i != quitter)
            send_int(queue, i);
    bool in_order = true;
    for (int i = 0; i < 4; i++) {
        if (i == quitter)
            continue;
        worker_join(&line[i].worker);
        in_order = in_order && line[i].item == i;
    }
    queue_free(&queue);
    return in_order;
}

TEST(gap_in_line, "who gives up leaves the others in their order")
{
    for (int quitter = 0; quitter < 3; quitter++)
        check_order(serve_without, quitter);
}

// Freeing

static void free_while(void (*run)(WorkerContext *self))
{
    Queue *queue = queue_new(0, sizeof(int));
    Call call = { .queue = queue, .deadline = DEADLINE_NEVER };
    start_call(&call, run);
    await_waiting(queue);
    queue_free(&queue);
}

static void free_while_receiving(void)
{
    free_while(run_receive);
}

static void free_while_sending(void)
{
    free_while(run_send);
}

TEST(free_while_waiting, "freeing a queue that somebody waits for dies")
{
    CHECK_DIES(free_while_receiving, "queue_free: a thread still waits");
    CHECK_DIES(free_while_sending, "queue_free: a thread still waits");
}
