// Threads that sleep at a queue with room, and threads that are just about to.
// Some of these tests look inside, to come at the worst moment.

#include "queue/queue_internal.h"
#include "queue_checks.h"

// In order

enum { LINE = 4, PUSHY = 2 };

typedef struct Crowd {
    Queue *queue;
    atomic_bool stop;
    atomic_int pushed_in;  // how often
} Crowd;

static void push_in_as_sender(WorkerContext *self)
{
    Crowd *crowd = self->worker_data;
    for (; !atomic_load(&crowd->stop); sched_yield())
        if (try_send_int(crowd->queue, -1) == WAIT_OK)
            atomic_fetch_add(&crowd->pushed_in, 1);
}

// Gives back the item that it got, so that the other receivers get it.
static void push_in_as_receiver(WorkerContext *self)
{
    Crowd *crowd = self->worker_data;
    int item;
    for (; !atomic_load(&crowd->stop); sched_yield()) {
        if (queue_receive_until(crowd->queue, &item, DEADLINE_NOW) != WAIT_OK)
            continue;
        atomic_fetch_add(&crowd->pushed_in, 1);
        send_int(crowd->queue, item);
    }
}

static bool serve_senders(int capacity)
{
    Crowd crowd = { .queue = full_queue(capacity) };
    Worker *pushy[PUSHY];
    Call line[LINE];
    start_all(pushy, PUSHY, push_in_as_sender, &crowd);
    for (int i = 0; i < LINE; i++)
        start_sending(&line[i], crowd.queue, capacity + i, DEADLINE_NEVER);

    bool in_order = true;
    for (int next = 0; next < capacity + LINE;) {
        int item = receive_int(crowd.queue);
        in_order = in_order && item == next;
        next += item >= 0;
    }
    atomic_store(&crowd.stop, true);
    join_all(pushy, PUSHY);
    for (int i = 0; i < LINE; i++)
        check_join(&line[i], WAIT_OK, capacity + i);
    queue_free(&crowd.queue);
    return in_order;
}

static bool serve_receivers(int capacity)
{
    Crowd crowd = { .queue = queue_new((size_t)capacity, sizeof(int)) };
    Worker *pushy[PUSHY];
    Call line[LINE];
    start_all(pushy, PUSHY, push_in_as_receiver, &crowd);
    for (int i = 0; i < LINE; i++)
        start_receiving(&line[i], crowd.queue, DEADLINE_NEVER);
    for (int i = 0; i < LINE; i++)
        send_int(crowd.queue, i);

    bool in_order = true;
    for (int i = 0; i < LINE; i++) {
        worker_join(&line[i].worker);
        CHECK_INT(line[i].result, WAIT_OK);
        in_order = in_order && line[i].item == i;
    }
    atomic_store(&crowd.stop, true);
    join_all(pushy, PUSHY);
    queue_free(&crowd.queue);
    return in_order && atomic_load(&crowd.pushed_in) == 0;
}

TEST(senders_first, "senders who sleep come before those who try and try")
{
    check_order(serve_senders, 1);
    check_order(serve_senders, 3);
}

TEST(receivers_first, "receivers who sleep come before those who try and try")
{
    check_order(serve_receivers, 1);
    check_order(serve_receivers, 3);
}

// About to sleep

enum { ROUNDS = 4000 };

// That is when it takes the lock, or a little later. Until then we look hard,
// but in the end let it run.
static void await_sleeper(Queue *queue)
{
    for (int i = 1;; i++) {
        bool flag =
            (atomic_load(&queue->ring.tail) | atomic_load(&queue->ring.head)) &
            RING_WAITED_FOR;
        if (flag || atomic_load(&queue->lock.state) != 0)
            return;
        if (i % 1000 == 0)
            sched_yield();
    }
}

static void pass_time(int steps)
{
    atomic_int passed = 0;
    while (atomic_fetch_add(&passed, 1) < steps)
        continue;
}

typedef struct Nap {
    Queue *queue, *other;  // the other is as empty or as full, and stays so
    bool sends, selects;
    atomic_int come;
} Nap;

// Cannot be done before the other thread does the opposite. To look how far the
// deadline is takes a moment, just then.
static void nap_once(Nap *nap, int *item)
{
    Deadline far = deadline_in_ms(600 * 1000);
    QueueCase cases[2];
    size_t chosen = 2;
    for (int i = 0; i < 2; i++) {
        Queue *queue = i == 0 ? nap->other : nap->queue;
        cases[i] = nap->sends ? sending(queue, item) : receiving(queue, item);
    }
    if (nap->selects) {
        CHECK_INT(queue_select_until(cases, 2, &chosen, far), WAIT_OK);
        CHECK_INT(chosen, 1);
    } else {
        CHECK_INT(nap->sends ? queue_send_until(nap->queue, item, far)
                             : queue_receive_until(nap->queue, item, far),
                  WAIT_OK);
    }
}

static void nap(WorkerContext *self)
{
    Nap *nap = self->worker_data;
    for (int i = 0; i < test_rounds(ROUNDS); i++) {
        int item = nap->sends ? i + 1 : -1;
        meet(&nap->come, 2, i);
        nap_once(nap, &item);
        CHECK_INT(item, i + nap->sends);
    }
}

static void disturb(bool sends, bool selects)
{
    Nap shared = { .queue = sends ? full_queue(1) : queue_new(1, sizeof(int)),
                   .other = sends ? full_queue(1) : queue_new(1, sizeof(int)),
                   .sends = sends,
                   .selects = selects };
    Worker *worker = worker_start(nap, &shared);
    for (int i = 0; i < test_rounds(ROUNDS); i++) {
        meet(&shared.come, 2, i);
        await_sleeper(shared.queue);
        pass_time(i % 64);
        if (sends)
            CHECK_INT(receive_int(shared.queue), i);
        else
            send_int(shared.queue, i);
    }
    worker_join(&worker);
    queue_free(&shared.queue);
    queue_free(&shared.other);
}

TEST(item_just_then, "nobody goes to sleep over an item that just came")
{
    disturb(false, false);
}

TEST(room_just_then, "nobody goes to sleep over room that there just was")
{
    disturb(true, false);
}

TEST(item_for_select, "no select goes to sleep over an item that just came")
{
    disturb(false, true);
}

TEST(room_for_select, "no select goes to sleep over room that there just was")
{
    disturb(true, true);
}

// Two that serve one select at the same moment: it takes one item, and the
// other is stored.
typedef struct Twins {
    Queue *queues[2];
    atomic_int come, ready, numbered;
    _Atomic long long start;  // on the clock
} Twins;

static void start_at_once(Twins *twins, int round)
{
    if (atomic_fetch_add(&twins->ready, 1) == 2 * round + 1)
        atomic_store(&twins->start, in_ns(2000).ns);
    while (atomic_load(&twins->ready) < 2 * round + 2)
        sched_yield();
    Deadline start = { atomic_load(&twins->start) };
    while (deadline_remaining_ns(start) > 0)
        continue;
}

static void serve_at_once(WorkerContext *self)
{
    Twins *twins = self->worker_data;
    int me = atomic_fetch_add(&twins->numbered, 1);
    for (int i = 0; i < test_rounds(ROUNDS); i++) {
        meet(&twins->come, 3, 2 * i);
        await_sleeper(twins->queues[me]);
        start_at_once(twins, i);
        CHECK_INT(try_send_int(twins->queues[me], me), WAIT_OK);
        meet(&twins->come, 3, 2 * i + 1);
    }
}

TEST(at_once, "a select that two serve at once takes one item, and loses none")
{
    Twins twins = { .queues = { queue_new(1, sizeof(int)),
                                queue_new(1, sizeof(int)) } };
    Worker *workers[2];
    start_all(workers, 2, serve_at_once, &twins);
    for (int i = 0; i < test_rounds(ROUNDS); i++) {
        int items[] = { -1, -1 };
        size_t chosen = 2;
        QueueCase cases[] = { receiving(twins.queues[0], &items[0]),
                              receiving(twins.queues[1], &items[1]) };
        meet(&twins.come, 3, 2 * i);
        CHECK_INT(queue_select(cases, 2, &chosen), WAIT_OK);
        CHECK_INT(items[chosen], (int)chosen);
        CHECK_INT(items[!chosen], -1);
        meet(&twins.come, 3, 2 * i + 1);
        CHECK_INT(receive_int(twins.queues[!chosen]), !chosen);
        check_nothing(twins.queues[chosen], WAIT_TIMED_OUT);
    }
    join_all(workers, 2);
    queue_free(&twins.queues[0]);
    queue_free(&twins.queues[1]);
}

// Afterwards

// When no thread sleeps the flags are down, or every call would ask forever.
static void check_nobody_asks(Queue *queue)
{
    CHECK(!(atomic_load(&queue->ring.tail) & RING_WAITED_FOR));
    CHECK(!(atomic_load(&queue->ring.head) & RING_WAITED_FOR));
}

static void give_up(Queue *queue, bool sends, Deadline deadline)
{
    int item = 9;
    size_t chosen;
    QueueCase one = sends ? sending(queue, &item) : receiving(queue, &item);
    CHECK_INT(sends ? queue_send_until(queue, &item, deadline)
                    : queue_receive_until(queue, &item, deadline),
              WAIT_TIMED_OUT);
    check_nobody_asks(queue);
    CHECK_INT(queue_select_until(&one, 1, &chosen, deadline), WAIT_TIMED_OUT);
    check_nobody_asks(queue);
}

TEST(given_up, "who gave up leaves a queue where nobody has to ask")
{
    for (int sends = 0; sends < 2; sends++) {
        Queue *queue = full_queue(3);
        while (!sends && queue_size(queue) > 0)
            receive_int(queue);
        give_up(queue, sends, DEADLINE_NOW);
        give_up(queue, sends, deadline_in_ms(2));
        queue_free(&queue);
    }
}

TEST(served, "who was served leaves a queue where nobody has to ask")
{
    Queue *queue = queue_new(1, sizeof(int));
    Call call;
    start_receiving(&call, queue, DEADLINE_NEVER);
    send_int(queue, 5);
    check_join(&call, WAIT_OK, 5);
    check_nobody_asks(queue);
    send_int(queue, 6);
    start_sending(&call, queue, 7, DEADLINE_NEVER);
    CHECK_INT(receive_int(queue), 6);
    check_join(&call, WAIT_OK, 7);
    check_nobody_asks(queue);
    queue_free(&queue);
}

static void select_all(WorkerContext *self)
{
    Queue **queues = self->worker_data;
    int item = 8;
    size_t chosen;
    QueueCase cases[] = { receiving(queues[0], &item),
                          receiving(queues[1], &item),
                          sending(queues[2], &item) };
    CHECK_INT(queue_select(cases, 3, &chosen), WAIT_OK);
    CHECK_INT(chosen, 0);
}

TEST(served_elsewhere, "so does a select, at the queues that it did without")
{
    Queue *queues[] = { queue_new(1, sizeof(int)), queue_new(1, sizeof(int)),
                        full_queue(1) };
    Worker *worker = worker_start(select_all, queues);
    test_let_others_run();
    send_int(queues[0], 5);
    worker_join(&worker);
    for (int i = 0; i < 3; i++) {
        check_nobody_asks(queues[i]);
        queue_free(&queues[i]);
    }
}
