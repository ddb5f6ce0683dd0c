// Selects at the worst moment: just when a deadline passes, a queue is closed,
// or two things come at once. The items received must be the items sent.

#include "queue_checks.h"

enum { ROUNDS = 1000 };

// A thread that uses two queues until they are closed.
typedef struct Party {
    Queue *queues[2];
    Tally sent, received;
} Party;

static void select_in_haste(WorkerContext *self)
{
    Party *party = self->worker_data;
    WaitResult result = WAIT_OK;
    for (int i = 0; result != WAIT_CLOSED; i++) {
        long send = i, item = -1;
        size_t chosen = 3;
        QueueCase cases[] = { receiving(party->queues[0], &item),
                              receiving(party->queues[1], &item),
                              sending(party->queues[i % 2], &send) };
        result = queue_select_until(cases, 3, &chosen, about_now(i));
        CHECK_INT(item >= 0, result == WAIT_OK && chosen < 2);
        CHECK_INT(chosen == 3, result == WAIT_TIMED_OUT);
        if (result == WAIT_OK && chosen == 2)
            add(&party->sent, send);
        else if (result == WAIT_OK)
            add(&party->received, item);
    }
    for (int i = 0; i < 2; i++)  // what is left
        for (long item; queue_receive(party->queues[i], &item);)
            add(&party->received, item);
}

static void send_in_haste(Party *party)
{
    for (long i = 0; i < ROUNDS; i++) {
        Deadline deadline = about_now((int)(i * 3));
        if (queue_send_until(party->queues[i % 2], &i, deadline) == WAIT_OK)
            add(&party->sent, i);
        long item;
        if (queue_receive_until(party->queues[(i / 2) % 2], &item,
                                DEADLINE_NOW) == WAIT_OK)
            add(&party->received, item);
    }
}

static void be_hasty(size_t capacity)
{
    enum { PARTIES = 4 };
    Party parties[PARTIES];
    Worker *workers[PARTIES];
    Queue *queues[] = { queue_new(capacity, sizeof(long)),
                        queue_new(capacity, sizeof(long)) };
    for (int i = 0; i < PARTIES; i++)
        parties[i] = (Party){ .queues = { queues[0], queues[1] } };
    for (int i = 1; i < PARTIES; i++)
        workers[i] = worker_start(select_in_haste, &parties[i]);
    send_in_haste(&parties[0]);
    queue_close(queues[0]);
    queue_close(queues[1]);
    join_all(workers + 1, PARTIES - 1);

    Tally sent = { 0 }, received = { 0 };
    for (int i = 0; i < PARTIES; i++) {
        add_tally(&sent, parties[i].sent);
        add_tally(&received, parties[i].received);
    }
    check_equal(received, sent);
    queue_free(&queues[0]);
    queue_free(&queues[1]);
}

TEST(deadline_race, "a select that times out just then has moved nothing")
{
    for (size_t capacity = 0; capacity < 3; capacity++)
        be_hasty(capacity);
}

// Round by round: two helpers and the test's own thread meet at two new queues.

enum { HELPERS = 2 };  // numbers 0 and 1; the test's thread is number 2

// The part of a thread in one round; returns how often it was successful.
typedef int Part(Queue *queues[], int number, int round);

typedef struct Rounds {
    Queue *queues[ROUNDS][2];
    int successes[ROUNDS][HELPERS + 1];
    atomic_int come, numbered;
    Part *help;
} Rounds;

static void play(Rounds *rounds, Part *part, int number)
{
    for (int i = 0; i < ROUNDS; i++) {
        meet(&rounds->come, HELPERS + 1, i);
        rounds->successes[i][number] = part(rounds->queues[i], number, i);
    }
}

static void help(WorkerContext *self)
{
    Rounds *rounds = self->worker_data;
    play(rounds, rounds->help, atomic_fetch_add(&rounds->numbered, 1));
}

// Checks that in every round the helpers were, together, as successful as we.
static void run_rounds(size_t capacity, Part *helper_part, Part *own_part)
{
    static Rounds rounds;
    Worker *helpers[HELPERS];
    rounds = (Rounds){ .help = helper_part };
    for (int i = 0; i < ROUNDS; i++)
        for (int k = 0; k < 2; k++)
            rounds.queues[i][k] = queue_new(capacity, sizeof(int));
    start_all(helpers, HELPERS, help, &rounds);
    play(&rounds, own_part, HELPERS);
    join_all(helpers, HELPERS);
    for (int i = 0; i < ROUNDS; i++) {
        CHECK_INT(rounds.successes[i][0] + rounds.successes[i][1],
                  rounds.successes[i][HELPERS]);
        queue_free(&rounds.queues[i][0]);
        queue_free(&rounds.queues[i][1]);
    }
}

static void close_both(Queue *queues[])
{
    queue_close(queues[0]);
    queue_close(queues[1]);
}

// None to two items, and then no more.
static int send_some(Queue *queues[], int number, int round)
{
    int count = (number ? round / 3 : round) % 3;
    for (int i = 0; i < count; i++)
        send_int(queues[number], number);
    CHECK(queue_close(queues[number]));
    return count;
}

static int receive_all(Queue *queues[], int number, int round)
{
    (void)number, (void)round;
    int items[2], count = 0;
    QueueCase cases[] = { receiving(queues[0], &items[0]),
                          receiving(queues[1], &items[1]) };
    for (size_t chosen = 0; chosen < 2;) {
        items[0] = items[1] = -1;
        WaitResult result = queue_select(cases, 2, &chosen);
        for (size_t i = 0; i < 2; i++)
            CHECK_INT(items[i], result == WAIT_OK && i == chosen ? (int)i : -1);
        count += result == WAIT_OK;
        if (result == WAIT_CLOSED && chosen < 2)
            cases[chosen].queue = NULL;
    }
    return count;
}

TEST(close_race, "all that was sent comes before the queue is found closed")
{
    for (size_t capacity = 0; capacity < 3; capacity++)
        run_rounds(capacity, send_some, receive_all);
}

static int select_item(Queue *queues[], int number, int round)
{
    (void)number, (void)round;
    int items[] = { -1, -1 };
    size_t chosen = 2;
    QueueCase cases[] = { receiving(queues[0], &items[0]),
                          receiving(queues[1], &items[1]) };
    WaitResult result = queue_select(cases, 2, &chosen);
    for (size_t i = 0; i < 2; i++)
        CHECK_INT(items[i], result == WAIT_OK && i == chosen ? (int)i : -1);
    return result == WAIT_OK;
}

static int send_one(Queue *queues[], int number, int round)
{
    (void)number;
    Queue *queue = queues[round % 2];
    send_int(queue, round % 2);
    while (queue_size(queue) > 0)  // closed queues are ready too
        sched_yield();
    close_both(queues);
    return 1;
}

TEST(one_item, "of two selects that wait for one item one gets it")
{
    for (size_t capacity = 0; capacity < 2; capacity++)
        run_rounds(capacity, select_item, send_one);
}

static int send_own(Queue *queues[], int number, int round)
{
    (void)round;
    return queue_send(queues[number], &number);
}

static int receive_one(Queue *queues[], int number, int round)
{
    int count = select_item(queues, number, round);
    close_both(queues);
    return count;
}

TEST(one_select, "of two senders that come for one select one is served")
{
    run_rounds(0, send_own, receive_one);
}

static int receive_own(Queue *queues[], int number, int round)
{
    int item = -1;
    bool received = queue_receive(queues[number], &item);
    CHECK_INT(item, received ? round : -1);
    return received;
}

static int send_to_either(Queue *queues[], int number, int round)
{
    (void)number;
    size_t chosen = 2;
    QueueCase cases[] = { sending(queues[0], &round),
                          sending(queues[1], &round) };
    CHECK_INT(queue_select(cases, 2, &chosen), WAIT_OK);
    close_both(queues);
    return 1;
}

TEST(one_send, "of two receivers that come for one select one is served")
{
    for (size_t capacity = 0; capacity < 2; capacity++)
        run_rounds(capacity, receive_own, send_to_either);
}

// Items that are known to be there

// Two that each send to their own queue and then look at the other's.
typedef struct Lookers {
    Queue *queues[2];
    atomic_int come, numbered;
    bool found[2];
} Lookers;

static bool look(Queue *queue, bool select)
{
    int item = -1;
    size_t chosen;
    QueueCase one = receiving(queue, &item);
    WaitResult result = select
                            ? queue_select_until(&one, 1, &chosen, DEADLINE_NOW)
                            : queue_receive_until(queue, &item, DEADLINE_NOW);
    return result == WAIT_OK;
}

static void send_then_look(WorkerContext *self)
{
    Lookers *lookers = self->worker_data;
    int me = atomic_fetch_add(&lookers->numbered, 1);
    for (int i = 0; i < 5 * ROUNDS; i++) {
        meet(&lookers->come, 2, 2 * i);
        send_int(lookers->queues[me], i);
        bool found = look(lookers->queues[!me], i % 2);
        lookers->found[me] = found;
        meet(&lookers->come, 2, 2 * i + 1);
        CHECK(found || lookers->found[!me]);
        if (!found)
            CHECK(look(lookers->queues[!me], i % 4 < 2));
    }
}

TEST(both_look, "two that send and then look cannot both have come too early")
{
    Lookers lookers = { .queues = { queue_new(1, sizeof(int)),
                                    queue_new(1, sizeof(int)) } };
    Worker *workers[2];
    start_all(workers, 2, send_then_look, &lookers);
    join_all(workers, 2);
    queue_free(&lookers.queues[0]);
    queue_free(&lookers.queues[1]);
}

// An item that goes from queue to queue, against the order in which it is
// looked for: at every moment it is in one of them, or in two.
enum { SHELLS = 16 };

typedef struct Shells {
    Queue *queues[SHELLS];
    atomic_bool stop;
    atomic_int moves;
} Shells;

static void move_item(WorkerContext *self)
{
    Shells *shells = self->worker_data;
    for (int at = 0, next; !atomic_load(&shells->stop); at = next) {
        next = (at + SHELLS - 1) % SHELLS;
        send_int(shells->queues[next], next);
        receive_int(shells->queues[at]);
        atomic_fetch_add(&shells->moves, 1);
    }
}

static void find_item(Shells *shells, bool fair)
{
    int item = -1;
    size_t chosen = SHELLS;
    QueueCase cases[SHELLS];
    for (int i = 0; i < SHELLS; i++)
        cases[i] = receiving(shells->queues[i], &item);
    CHECK_INT(fair ? queue_select_fair(cases, SHELLS, &chosen, DEADLINE_NOW)
                   : queue_select_until(cases, SHELLS, &chosen, DEADLINE_NOW),
              WAIT_OK);
    send_int(shells->queues[chosen], item);
}

TEST(shell_game, "a try of sixteen queues finds what is always in one of them")
{
    Shells shells = { .stop = false };
    for (int i = 0; i < SHELLS; i++)
        shells.queues[i] = queue_new(2, sizeof(int));
    send_int(shells.queues[0], 0);
    Worker *mover = worker_start(move_item, &shells);
    for (int i = 0; i < 20000 || atomic_load(&shells.moves) < 20000; i++)
        find_item(&shells, i % 2);
    atomic_store(&shells.stop, true);
    worker_join(&mover);
    for (int i = 0; i < SHELLS; i++)
        queue_free(&shells.queues[i]);
}
