// Threads that meet at a queue at the worst moment: just when it is closed, or
// when a deadline passes. The items received must be the items sent.

#include "queue_checks.h"

enum { ROUNDS = 2000, SIDES = 2 };  // two senders, two receivers

// A thread's share: what it sent or received of each queue until that closed.
typedef struct Share {
    Queue **queues;
    long first;  // item; the next is SIDES larger, so all differ
    Tally tallies[ROUNDS];
} Share;

static void send_until_closed(WorkerContext *self)
{
    Share *share = self->worker_data;
    long item = share->first;
    for (int i = 0; i < ROUNDS; i++)
        while (queue_send(share->queues[i], &item)) {
            add(&share->tallies[i], item);
            item += SIDES;
        }
}

static void receive_until_closed(WorkerContext *self)
{
    Share *share = self->worker_data;
    long item;
    for (int i = 0; i < ROUNDS; i++)
        while (queue_receive(share->queues[i], &item))
            add(&share->tallies[i], item);
}

// Closes every queue after we received one to four items of it ourselves, so
// that the others are at it when it closes.
static void receive_some_and_close(Share *share)
{
    long item;
    for (int i = 0; i < ROUNDS; i++) {
        for (int some = 0; some <= i % 4; some++) {
            CHECK(queue_receive(share->queues[i], &item));
            add(&share->tallies[i], item);
        }
        CHECK(queue_close(share->queues[i]));
    }
}

static void close_on_crowd(size_t capacity)
{
    static Queue *queues[ROUNDS];
    static Share senders[SIDES], receivers[SIDES + 1];
    Worker *workers[2 * SIDES];
    for (int i = 0; i < ROUNDS; i++)
        queues[i] = queue_new(capacity, sizeof(long));
    for (int i = 0; i < SIDES; i++) {
        senders[i] = (Share){ .queues = queues, .first = i };
        workers[i] = worker_start(send_until_closed, &senders[i]);
        receivers[i] = (Share){ .queues = queues };
        workers[SIDES + i] = worker_start(receive_until_closed, &receivers[i]);
    }
    receivers[SIDES] = (Share){ .queues = queues };
    receive_some_and_close(&receivers[SIDES]);
    join_all(workers, 2 * SIDES);

    for (int i = 0; i < ROUNDS; i++) {
        Tally sent = { 0 }, received = { 0 };
        for (int k = 0; k < SIDES; k++)
            add_tally(&sent, senders[k].tallies[i]);
        for (int k = 0; k <= SIDES; k++)
            add_tally(&received, receivers[k].tallies[i]);
        check_equal(received, sent);
        queue_free(&queues[i]);
    }
}

TEST(close_race_0, "at a closing rendezvous what was sent is received once")
{
    close_on_crowd(0);
}

TEST(close_race, "of closing queues what was sent is received once")
{
    static const size_t capacities[] = { 1, 2, 3, 1024 };
    for (int i = 0; i < 4; i++)
        close_on_crowd(capacities[i]);
}

typedef struct Tries {
    Queue *queues[ROUNDS];
    atomic_int come;
    int received;
} Tries;

// Returns 1 if we got the item, 0 if the queue is closed. There is no third.
static int try_receive(Queue *queue)
{
    int item;
    WaitResult result = queue_receive_until(queue, &item, DEADLINE_NOW);
    CHECK(result != WAIT_TIMED_OUT);
    return result == WAIT_OK;
}

static void try_each(WorkerContext *self)
{
    Tries *tries = self->worker_data;
    for (int i = 0; i < ROUNDS; i++) {
        meet(&tries->come, 2, i);
        tries->received += try_receive(tries->queues[i]);
    }
}

TEST(try_race, "a queue with an item that is being closed is never just empty")
{
    static Tries tries;
    for (int i = 0; i < ROUNDS; i++) {
        tries.queues[i] = queue_new(1, sizeof(int));
        send_int(tries.queues[i], i);
    }
    Worker *other = worker_start(try_each, &tries);
    int received = 0;
    for (int i = 0; i < ROUNDS; i++) {
        meet(&tries.come, 2, i);
        CHECK(queue_close(tries.queues[i]));
        received += try_receive(tries.queues[i]);
    }
    worker_join(&other);
    CHECK_INT(received + tries.received, ROUNDS);
    for (int i = 0; i < ROUNDS; i++)
        queue_free(&tries.queues[i]);
}

typedef struct Hasty {
    Queue *queue;
    Tally tally;
} Hasty;

static void send_in_haste(WorkerContext *self)
{
    Hasty *hasty = self->worker_data;
    for (int i = 0; i < ROUNDS; i++)
        if (queue_send_until(hasty->queue, &i, about_now(i)) == WAIT_OK)
            add(&hasty->tally, i);
}

static void receive_in_haste(WorkerContext *self)
{
    Hasty *hasty = self->worker_data;
    WaitResult result = WAIT_OK;
    for (int i = 0, item; result != WAIT_CLOSED; i++) {
        result = queue_receive_until(hasty->queue, &item, about_now(3 * i));
        if (result == WAIT_OK)
            add(&hasty->tally, item);
    }
}

static void give_up_in_crowd(size_t capacity)
{
    Queue *queue = queue_new(capacity, sizeof(int));
    Hasty all[2 * SIDES];
    Worker *workers[2 * SIDES];
    for (int i = 0; i < 2 * SIDES; i++) {
        all[i] = (Hasty){ .queue = queue };
        void (*run)(WorkerContext * self) =
            i < SIDES ? send_in_haste : receive_in_haste;
        workers[i] = worker_start(run, &all[i]);
    }
    join_all(workers, SIDES);
    queue_close(queue);
    join_all(workers + SIDES, SIDES);
    Tally sent = { 0 }, received = { 0 };
    for (int i = 0; i < SIDES; i++) {
        add_tally(&sent, all[i].tally);
        add_tally(&received, all[SIDES + i].tally);
    }
    check_equal(received, sent);
    queue_free(&queue);
}

TEST(deadline_race, "what was sent just before a deadline is received once")
{
    for (size_t capacity = 0; capacity <= 2; capacity++)
        give_up_in_crowd(capacity);
}
