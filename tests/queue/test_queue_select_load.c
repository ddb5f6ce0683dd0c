// Many threads that select. Every program here ends by itself, or a wake-up was
// lost; and all items are counted.

#include "queue_checks.h"

// All threads select

enum { THREADS = 6, QUEUES = 3, OPERATIONS = 6000 };

typedef struct Market {
    Queue *queues[QUEUES];
    atomic_int operations;  // done by all; with the last one it closes
    atomic_int dealers;     // how many have begun: it numbers them
    atomic_long sent_sum, sent_count, received_sum, received_count;
} Market;

static void book(Market *market, long item, bool sent)
{
    atomic_fetch_add(sent ? &market->sent_sum : &market->received_sum, item);
    atomic_fetch_add(sent ? &market->sent_count : &market->received_count, 1);
    if (atomic_fetch_add(&market->operations, 1) == OPERATIONS)
        for (int i = 0; i < QUEUES; i++)
            queue_close(market->queues[i]);
}

// Offers items to all queues and wants items of all, until all are closed and
// empty.
static void deal(WorkerContext *self)
{
    Market *market = self->worker_data;
    long offered = 1 + atomic_fetch_add(&market->dealers, 1), received;
    QueueCase cases[2 * QUEUES];
    for (int i = 0; i < QUEUES; i++) {
        cases[2 * i] = sending(market->queues[i], &offered);
        cases[2 * i + 1] = receiving(market->queues[i], &received);
    }
    for (;;) {
        size_t chosen = 2 * QUEUES + 1;
        received = -1;
        WaitResult result = queue_select(cases, 2 * QUEUES, &chosen);
        CHECK_INT(received >= 0, result == WAIT_OK && chosen % 2);
        if (result == WAIT_OK) {
            book(market, chosen % 2 ? received : offered, chosen % 2 == 0);
            offered += chosen % 2 ? 0 : THREADS;
        } else if (chosen == 2 * QUEUES) {
            return;
        } else {
            cases[chosen].queue = NULL;
        }
    }
}

static void check_market(size_t first, size_t step)
{
    static Market market;
    market = (Market){ .operations = 0 };
    Worker *workers[THREADS];
    for (int i = 0; i < QUEUES; i++)
        market.queues[i] = queue_new(first + step * (size_t)i, sizeof(long));
    start_all(workers, THREADS, deal, &market);
    join_all(workers, THREADS);
    CHECK(market.received_count > 0);
    CHECK_INT(market.received_count, market.sent_count);
    CHECK_INT(market.received_sum, market.sent_sum);
    for (int i = 0; i < QUEUES; i++)
        queue_free(&market.queues[i]);
}

TEST(market, "all send and receive at once: each item comes, and comes once")
{
    check_market(0, 0);
    check_market(1, 0);
    check_market(0, 1);
    check_market(2, 3);
}

// From one over four to one

enum { LANES = 4, NUMBERS = 2000 };

typedef struct Lane {
    Queue *from, *to;
} Lane;

static void pass_on(WorkerContext *self)
{
    Lane *lane = self->worker_data;
    int item;
    while (queue_receive(lane->from, &item))
        send_int(lane->to, item);
    queue_close(lane->to);
}

static void count_up(WorkerContext *self)
{
    Lane *lanes = self->worker_data;
    QueueCase cases[LANES];
    int number = 0;
    for (int i = 0; i < LANES; i++)
        cases[i] = sending(lanes[i].from, &number);
    for (; number < NUMBERS; number++) {
        size_t chosen;
        CHECK_INT(queue_select(cases, LANES, &chosen), WAIT_OK);
    }
    for (int i = 0; i < LANES; i++)
        queue_close(lanes[i].from);
}

// Receives from all lanes until all are closed. Items of one lane come in the
// order in which they were sent (FIFO).
static void check_arrivals(Lane lanes[])
{
    QueueCase cases[LANES];
    int last[LANES], item, open = LANES, times[NUMBERS] = { 0 };
    for (int i = 0; i < LANES; i++) {
        cases[i] = receiving(lanes[i].to, &item);
        last[i] = -1;
    }
    while (open > 0) {
        size_t chosen = LANES;
        if (queue_select(cases, LANES, &chosen) == WAIT_OK) {
            CHECK(item > last[chosen]);
            last[chosen] = item;
            times[item]++;
        } else {
            cases[chosen].queue = NULL;
            open--;
        }
    }
    for (int i = 0; i < NUMBERS; i++)
        CHECK_INT(times[i], 1);
}

static void send_over_lanes(size_t capacity)
{
    Lane lanes[LANES];
    Worker *workers[LANES + 1];
    for (int i = 0; i < LANES; i++) {
        lanes[i] = (Lane){ queue_new(capacity, sizeof(int)),
                           queue_new(capacity, sizeof(int)) };
        workers[i] = worker_start(pass_on, &lanes[i]);
    }
    workers[LANES] = worker_start(count_up, lanes);
    check_arrivals(lanes);
    join_all(workers, LANES + 1);
    for (int i = 0; i < LANES; i++) {
        queue_free(&lanes[i].from);
        queue_free(&lanes[i].to);
    }
}

TEST(lanes, "one select shares out, another gathers until all are closed")
{
    send_over_lanes(0);
    send_over_lanes(1);
    send_over_lanes(5);
}

// Two that select against each other

enum { MEETINGS = 3000 };

typedef struct Pair {
    Queue *there, *back;
    int sent[2], received[2];  // by the first and by the second
} Pair;

static void meet_often(Pair *pair, int me)
{
    int item = me, other = -1;
    QueueCase cases[] = {
        sending(me == 0 ? pair->there : pair->back, &item),
        receiving(me == 0 ? pair->back : pair->there, &other),
    };
    for (int i = 0; i < MEETINGS; i++) {
        size_t chosen = 2;
        other = -1;
        CHECK_INT(queue_select(cases, 2, &chosen), WAIT_OK);
        CHECK_INT(other, chosen == 1 ? !me : -1);
        pair->sent[me] += chosen == 0;
        pair->received[me] += chosen == 1;
    }
}

static void meet_as_second(WorkerContext *self)
{
    meet_often(self->worker_data, 1);
}

TEST(pair, "two that select against each other meet every time")
{
    Pair pair = { .there = queue_new(0, sizeof(int)),
                  .back = queue_new(0, sizeof(int)) };
    Worker *second = worker_start(meet_as_second, &pair);
    meet_often(&pair, 0);
    worker_join(&second);
    CHECK_INT(pair.sent[0], pair.received[1]);
    CHECK_INT(pair.sent[1], pair.received[0]);
    queue_free(&pair.there);
    queue_free(&pair.back);
}

TEST(pair_at_one, "two that both send to and receive from one queue too")
{
    Queue *queue = queue_new(0, sizeof(int));
    Pair pair = { .there = queue, .back = queue };
    Worker *second = worker_start(meet_as_second, &pair);
    meet_often(&pair, 0);
    worker_join(&second);
    CHECK_INT(pair.sent[0], pair.received[1]);
    CHECK_INT(pair.sent[1], pair.received[0]);
    queue_free(&queue);
}

// Until they are told to stop

typedef struct Works {
    Queue *done, *jobs, *results;
    atomic_int stopped;
} Works;

static void make_jobs(WorkerContext *self)
{
    Works *works = self->worker_data;
    int job = 0, nothing;
    QueueCase cases[] = { receiving(works->done, &nothing),
                          sending(works->jobs, &job) };
    size_t chosen = 0;
    while (queue_select(cases, 2, &chosen) == WAIT_OK)
        job++;
    CHECK_INT(chosen, 0);
    atomic_fetch_add(&works->stopped, 1);
}

// Has a job in hand or not, and then there is no result to send.
static void work(WorkerContext *self)
{
    Works *works = self->worker_data;
    int job, nothing;
    QueueCase cases[] = { receiving(works->done, &nothing),
                          receiving(works->jobs, &job),
                          { .queue = NULL, .send = &job } };
    size_t chosen = 0;
    while (queue_select(cases, 3, &chosen) == WAIT_OK) {
        cases[1].queue = chosen == 1 ? NULL : works->jobs;
        cases[2].queue = chosen == 1 ? works->results : NULL;
    }
    CHECK_INT(chosen, 0);
    atomic_fetch_add(&works->stopped, 1);
}

static void run_works(size_t capacity, int results)
{
    Works works = { queue_new(0, sizeof(int)), queue_new(capacity, sizeof(int)),
                    queue_new(capacity, sizeof(int)), 0 };
    Worker *workers[THREADS];
    workers[0] = worker_start(make_jobs, &works);
    start_all(workers + 1, THREADS - 1, work, &works);
    for (int i = 0; i < results; i++)
        receive_int(works.results);
    CHECK_INT(works.stopped, 0);
    CHECK(queue_close(works.done));
    join_all(workers, THREADS);
    CHECK_INT(works.stopped, THREADS);
    queue_free(&works.done);
    queue_free(&works.jobs);
    queue_free(&works.results);
}

TEST(done, "closing one queue stops all who have it in their selects")
{
    for (size_t capacity = 0; capacity < 3; capacity++) {
        run_works(capacity, 0);
        run_works(capacity, 1000);
    }
}
