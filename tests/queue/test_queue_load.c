// Many threads at a queue. Every program here ends by itself, or a wake-up was
// lost; and all items are counted.

#include "queue_checks.h"

// Every item once

enum { EACH = 1000, MOST_SENDERS = 8 };

typedef struct Crowd {
    Queue *queue;
    atomic_int senders;  // how many have begun: it numbers them
    atomic_int times_received[MOST_SENDERS * EACH];
} Crowd;

static void send_each(WorkerContext *self)
{
    Crowd *crowd = self->worker_data;
    int first = atomic_fetch_add(&crowd->senders, 1) * EACH;
    for (int i = 0; i < EACH; i++)
        send_int(crowd->queue, first + i);
}

// Receives until the queue is closed. The items of one sender must come in the
// order in which it sent them, also to one of several receivers.
static void receive_each(WorkerContext *self)
{
    Crowd *crowd = self->worker_data;
    int last[MOST_SENDERS], item;
    for (int i = 0; i < MOST_SENDERS; i++)
        last[i] = -1;
    while (queue_receive(crowd->queue, &item)) {
        CHECK(item > last[item / EACH]);
        last[item / EACH] = item;
        atomic_fetch_add(&crowd->times_received[item], 1);
        CHECK(queue_size(crowd->queue) <= queue_capacity(crowd->queue));
    }
}

static void check_crowd(size_t capacity, int senders, int receivers)
{
    static Crowd crowd;
    crowd = (Crowd){ .queue = queue_new(capacity, sizeof(int)) };
    Worker *from[MOST_SENDERS], *to[MOST_SENDERS];
    start_all(from, senders, send_each, &crowd);
    start_all(to, receivers, receive_each, &crowd);
    join_all(from, senders);
    CHECK(queue_close(crowd.queue));
    join_all(to, receivers);

    for (int i = 0; i < senders * EACH; i++)
        CHECK_INT(crowd.times_received[i], 1);
    CHECK_INT(queue_size(crowd.queue), 0);
    queue_free(&crowd.queue);
}

TEST(one_to_one, "from one thread to one all comes in order")
{
    static const size_t capacities[] = { 0, 1, 2, 3, 4, 7, EACH };
    for (int i = 0; i < 7; i++)
        check_crowd(capacities[i], 1, 1);
}

TEST(four_to_four, "from four threads to four all comes once")
{
    static const size_t capacities[] = { 0, 1, 2, 3, 7, 16, 1024 };
    for (int i = 0; i < 7; i++)
        check_crowd(capacities[i], 4, 4);
}

TEST(eight_to_eight, "from eight threads to eight all comes once")
{
    static const size_t capacities[] = { 0, 1, 2, 16 };
    for (int i = 0; i < 4; i++)
        check_crowd(capacities[i], 8, 8);
}

TEST(eight_to_one_to_eight, "many may send to one, and one to many")
{
    check_crowd(3, 8, 1);
    check_crowd(0, 8, 1);
    check_crowd(3, 1, 8);
    check_crowd(0, 1, 8);
}

enum { PARCELS = 271828, PACKERS = 23 };

static void add_up(WorkerContext *self)
{
    Queue **queues = self->worker_data;
    long long sum = 0;
    int item;
    while (queue_receive(queues[0], &item))
        sum += item;
    CHECK(queue_send(queues[1], &sum));
}

TEST(many_items, "271828 items are shared out among 23 threads")
{
    Queue *queues[2];
    queues[0] = queue_new(3 * PACKERS, sizeof(int));
    queues[1] = queue_new(0, sizeof(long long));
    Worker *packers[PACKERS];
    start_all(packers, PACKERS, add_up, queues);
    for (int i = 0; i < PARCELS; i++)
        send_int(queues[0], i);
    queue_close(queues[0]);

    long long total = 0, sum;
    for (int i = 0; i < PACKERS; i++) {
        CHECK(queue_receive(queues[1], &sum));
        total += sum;
    }
    CHECK_INT(total, (long long)PARCELS * (PARCELS - 1) / 2);
    join_all(packers, PACKERS);
    queue_free(&queues[0]);
    queue_free(&queues[1]);
}

// Programs

static void return_each(WorkerContext *self)
{
    Queue **queues = self->worker_data;
    int item;
    while (queue_receive(queues[0], &item))
        send_int(queues[1], item + 1);
    queue_close(queues[1]);
}

TEST(ping_pong, "two threads throw a ball over two rendezvous queues")
{
    Queue *queues[2];
    queues[0] = queue_new(0, sizeof(int));
    queues[1] = queue_new(0, sizeof(int));
    Worker *other = worker_start(return_each, queues);
    int ball = 0;
    while (ball < 5000) {
        send_int(queues[0], ball);
        CHECK_INT(receive_int(queues[1]), ball + 1);
        ball += 2;
    }
    queue_close(queues[0]);
    CHECK(!queue_receive(queues[1], &ball));
    worker_join(&other);
    queue_free(&queues[0]);
    queue_free(&queues[1]);
}

typedef struct Sieve {
    Queue *from, *to;
    int prime;
} Sieve;

// Passes on the numbers that are no multiple of the prime, until the next
// worker closes.
static void run_sieve(WorkerContext *self)
{
    Sieve *sieve = self->worker_data;
    int number;
    while (queue_receive(sieve->from, &number))
        if (number % sieve->prime != 0 && !queue_send(sieve->to, &number))
            break;
    queue_close(sieve->from);
}

static void count_up(WorkerContext *self)
{
    int number = 2;
    while (queue_send(self->worker_data, &number))
        number++;
}

TEST(prime_sieve, "a chain of sieves finds the primes, and ends when cut off")
{
    enum { PRIMES = 25 };
    Queue *last = queue_new(0, sizeof(int));
    Worker *numbers = worker_start(count_up, last), *workers[PRIMES];
    Sieve sieves[PRIMES];
    for (int i = 0; i < PRIMES; i++) {
        sieves[i] = (Sieve){ last, queue_new(0, sizeof(int)), 0 };
        sieves[i].prime = receive_int(last);
        workers[i] = worker_start(run_sieve, &sieves[i]);
        last = sieves[i].to;
    }
    CHECK_INT(sieves[1].prime, 3);
    CHECK_INT(sieves[PRIMES - 1].prime, 97);

    queue_close(last);
    join_all(workers, PRIMES);
    worker_join(&numbers);
    for (int i = 0; i < PRIMES; i++)
        queue_free(&sieves[i].from);
    queue_free(&last);
}

// The question of a client to a server, and the queue for the answer.
typedef struct Question {
    int number;
    Queue *answer;
} Question;

static void answer_squares(WorkerContext *self)
{
    Question question;
    while (queue_receive(self->worker_data, &question))
        send_int(question.answer, question.number * question.number);
}

typedef struct Client {
    Queue *questions, *answer;
} Client;

static void ask_squares(WorkerContext *self)
{
    Client *client = self->worker_data;
    for (int i = 0; i < 500; i++) {
        Question question = { i, client->answer };
        CHECK(queue_send(client->questions, &question));
        CHECK_INT(receive_int(client->answer), i * i);
    }
}

TEST(questions, "queues go through queues: everyone gets their own answers")
{
    Queue *questions = queue_new(2, sizeof(Question));
    Client clients[4];
    Worker *servers[2], *asking[4];
    start_all(servers, 2, answer_squares, questions);
    for (int i = 0; i < 4; i++) {
        clients[i] = (Client){ questions, queue_new(0, sizeof(int)) };
        asking[i] = worker_start(ask_squares, &clients[i]);
    }
    join_all(asking, 4);
    queue_close(questions);
    join_all(servers, 2);  // the last answer has come, but its send may not
                           // have returned before this
    for (int i = 0; i < 4; i++)
        queue_free(&clients[i].answer);
    queue_free(&questions);
}

typedef struct Counter {
    Queue *lock;
    int count;  // guarded by lock
} Counter;

static void count_alone(WorkerContext *self)
{
    Counter *counter = self->worker_data;
    for (int i = 0; i < EACH; i++) {
        CHECK(queue_send(counter->lock, NULL));
        counter->count++;
        CHECK(queue_receive(counter->lock, NULL));
    }
}

TEST(as_lock, "a queue with room for one is a lock")
{
    Counter counter = { .lock = queue_new(1, 0) };
    Worker *workers[4];
    start_all(workers, 4, count_alone, &counter);
    join_all(workers, 4);
    CHECK_INT(counter.count, 4 * EACH);
    queue_free(&counter.lock);
}
