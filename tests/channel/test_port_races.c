// The promises of channel.h when two things happen at the same time: a post and
// a close, a message and a deadline, two closes. The threads meet a little
// earlier or later in every round; no check depends on when.

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include "channel.h"
#include "kit.h"
#include "port_checks.h"
#include "test.h"
#include "worker_threads.h"

// Works for so long, up to some 10 us for 1000.
static void dawdle(uint32_t steps)
{
    for (_Atomic uint32_t i = 0; i < steps;)
        atomic_fetch_add_explicit(&i, 1, memory_order_relaxed);
}

static Deadline in_us(uint32_t us)
{
    Deadline deadline = deadline_in_ms(1);
    deadline.ns -= 1000000LL - 1000LL * us;
    return deadline;
}

// So many rounds, or fewer where they take long: a race is not for CI to wait.
static bool another_round(int round, int rounds)
{
    static Deadline end;
    if (round == 0)
        end = deadline_in_ms(400);
    return round < rounds && deadline_remaining_ns(end) > 0;
}

// Posts and a close

enum { TRAVELLERS = 40 };

// A poster that posts ports until it is refused. The ports that were not sent
// stay in `travellers`.
typedef struct Departure {
    atomic_int come;
    Port *port;
    Port *travellers[TRAVELLERS];
    uint32_t pause;
} Departure;

static void post_until_refused(WorkerContext *self)
{
    Departure *departure = self->worker_data;
    meet(&departure->come, 2, 0);
    dawdle(departure->pause);
    for (int i = 0; i < TRAVELLERS; i++)
        if (!port_post_port(departure->port, &departure->travellers[i],
                            NUMBER_TEXT(i)))
            break;
    for (int i = 0; i < TRAVELLERS; i++)
        if (departure->travellers[i])
            departure->travellers[i] = port_move(&departure->travellers[i]);
    port_close(&departure->port);
}

// Takes a few, keeps the ports of some of those open, and closes.
static int receive_some(Port *port, unsigned *seed)
{
    Message msg;
    int received = 0;
    int wanted = (int)random_below(seed, TRAVELLERS + 5);
    while (received < wanted &&
           port_receive_until(port, &msg, DEADLINE_NOW) == WAIT_OK) {
        CHECK_INT(atoi(msg.text), received++);
        if (received % 2 == 0)
            port_close(&msg.port);
    }
    dawdle(random_below(seed, 300));
    port_close(&port);
    return received;
}

// A port has arrived, and was closed one way or the other, or it is still here.
static void check_traveller(Port **traveller, Port *friend)
{
    Message msg;
    if (*traveller) {
        post_number(*traveller, 1);
        expect_number(friend, 1);
        port_close(traveller);
    } else {
        CHECK_INT(port_receive_until(friend, &msg, DEADLINE_NOW), WAIT_CLOSED);
    }
    port_close(&friend);
}

static void check_travellers(Departure *departure, Port *friends[],
                             int received)
{
    for (int i = 0; i < TRAVELLERS; i++) {
        CHECK(i >= received || departure->travellers[i] == NULL);
        bool left = departure->travellers[i] != NULL;
        CHECK(i == 0 || left || departure->travellers[i - 1] == NULL);
        check_traveller(&departure->travellers[i], friends[i]);
    }
}

static void open_departure(Departure *departure, Port **port, Port *friends[])
{
    channel_open(&departure->port, port);
    departure->port = port_move(&departure->port);
    for (int i = 0; i < TRAVELLERS; i++) {
        channel_open(&departure->travellers[i], &friends[i]);
        departure->travellers[i] = port_move(&departure->travellers[i]);
    }
}

TEST(posts_and_close, "a post races with a close: all of it or nothing")
{
    unsigned seed = 1;
    for (int round = 0; another_round(round, 2000); round++) {
        Departure departure = { .pause = random_below(&seed, 300) };
        Port *port, *friends[TRAVELLERS];
        open_departure(&departure, &port, friends);
        Worker *worker = worker_start(post_until_refused, &departure);
        meet(&departure.come, 2, 0);
        int received = receive_some(port, &seed);
        worker_join(&worker);
        check_travellers(&departure, friends, received);
    }
}

// The results of a post and of a receive

static void close_at_some_time(WorkerContext *self)
{
    Port *port = self->parent_port;
    unsigned seed = (unsigned)(uintptr_t)self->worker_data;
    Message msg;
    while (port_receive(port, &msg)) {
        Port *closing = port_move(&msg.port);
        dawdle(random_below(&seed, random_below(&seed, 2) ? 200 : 4000));
        for (uint32_t i = random_below(&seed, 3); i > 0; i--)
            post_number(closing, (int)i);
        port_close(&closing);
    }
}

TEST(refused_is_the_end,
     "who was refused finds that no more will come, at once")
{
    Worker *worker = worker_start(close_at_some_time, (void *)7);
    for (int round = 0; another_round(round, 3000); round++) {
        Port *port, *theirs;
        Message msg;
        WaitResult result;
        channel_open(&port, &theirs);
        CHECK(port_post_port(worker->port, &theirs, "close it"));
        while (port_post(port, "are you there?"))
            continue;
        do
            result = port_receive_until(port, &msg, DEADLINE_NOW);
        while (result == WAIT_OK);
        CHECK_INT(result, WAIT_CLOSED);
        port_close(&port);
    }
    worker_join(&worker);
}

TEST(the_end_refuses, "who finds that no more will come is refused, at once")
{
    Worker *worker = worker_start(close_at_some_time, (void *)8);
    for (int round = 0; another_round(round, 3000); round++) {
        Port *port, *theirs;
        Message msg;
        channel_open(&port, &theirs);
        CHECK(port_post_port(worker->port, &theirs, "close it"));
        while (port_receive_until(port, &msg, DEADLINE_NOW) != WAIT_CLOSED)
            continue;
        CHECK(!port_post(port, "too late"));
        port_close(&port);
    }
    worker_join(&worker);
}

// The close comes before we wait, while we look, as we fall asleep, or later.
TEST(end_of_a_wait, "whenever the close comes, it ends the wait")
{
    Worker *worker = worker_start(close_at_some_time, (void *)9);
    for (int round = 0; another_round(round, 20000); round++) {
        Port *port, *theirs;
        Message msg;
        channel_open(&port, &theirs);
        CHECK(port_post_port(worker->port, &theirs, "close it"));
        while (port_receive(port, &msg))
            continue;
        port_close(&port);
    }
    worker_join(&worker);
}

static void close_given(WorkerContext *self)
{
    Message msg;
    while (port_receive(self->parent_port, &msg)) {
        Port *port = port_move(&msg.port);
        post_number(self->parent_port, 1);
        port_close(&port);
    }
}

TEST(both_close, "both ends may close at once, and what was in them is closed")
{
    Worker *worker = worker_start(close_given, NULL);
    for (int round = 0; another_round(round, 3000); round++) {
        Port *ours, *theirs, *inner1, *inner2, *friend1, *friend2;
        channel_open(&ours, &theirs);
        channel_open(&inner1, &friend1);
        channel_open(&inner2, &friend2);
        CHECK(port_post_port(ours, &inner1, "in"));
        CHECK(port_post_port(theirs, &inner2, "out"));
        CHECK(port_post_port(worker->port, &theirs, "close it"));
        expect_number(worker->port, 1);
        port_close(&ours);
        expect_end(friend1);
        expect_end(friend2);
        close_both(friend1, friend2);
    }
    worker_join(&worker);
}

// Messages and deadlines

enum { MESSAGES = 2000 };

static void post_now_and_then(WorkerContext *self)
{
    unsigned seed = 3;
    for (int i = 0; i < MESSAGES; i++) {
        dawdle(random_below(&seed, 3000));
        post_number(self->parent_port, i);
    }
}

TEST(message_or_deadline, "a message and a deadline may come at once")
{
    Worker *worker = worker_start(post_now_and_then, NULL);
    unsigned seed = 4;
    int received = 0;
    WaitResult result;
    do {
        Message msg;
        result = port_receive_until(worker->port, &msg,
                                    in_us(random_below(&seed, 60)));
        if (result == WAIT_OK)
            CHECK_INT(atoi(msg.text), received++);
    } while (result != WAIT_CLOSED);
    CHECK_INT(received, MESSAGES);
    worker_join(&worker);
}

enum { POSTERS = 3 };

// Waits on all of them, now until a deadline, now for as long as it takes.
static WaitResult select_somehow(Port *ports[], Message *msg, Port **from,
                                 unsigned *seed)
{
    if (random_below(seed, 4) > 0)
        return port_select_until(ports, POSTERS, msg, from,
                                 in_us(random_below(seed, 60)));
    *from = port_select(ports, POSTERS, msg);
    return *from ? WAIT_OK : WAIT_CLOSED;
}

TEST(select_or_deadline, "so may messages from several sides and a deadline")
{
    Worker *workers[POSTERS];
    Port *ports[POSTERS], *from;
    for (int i = 0; i < POSTERS; i++) {
        workers[i] = worker_start(post_now_and_then, NULL);
        ports[i] = workers[i]->port;
    }
    unsigned seed = 5;
    int received[POSTERS] = { 0 };
    Message msg;
    WaitResult result;
    while ((result = select_somehow(ports, &msg, &from, &seed)) !=
           WAIT_CLOSED) {
        int i = 0;
        while (result == WAIT_OK && ports[i] != from)
            i++;
        if (result == WAIT_OK)
            CHECK_INT(atoi(msg.text), received[i]++);
    }
    for (int i = 0; i < POSTERS; i++) {
        CHECK_INT(received[i], MESSAGES);
        worker_join(&workers[i]);
    }
}

static void post_until_closed(WorkerContext *self)
{
    unsigned seed = 3;
    for (int i = 0; i < MESSAGES; i++) {
        dawdle(random_below(&seed, 3000));
        if (!port_postf(self->parent_port, "%d", i))
            return;
    }
}

// From the last look at the first port until all of them would wake us, it
// takes as long as there are ports: the message comes in between as a rule.
TEST(just_not_seen, "a message that comes as we go to sleep is not missed")
{
    enum { PORTS = 1000 };
    Port *ports[PORTS], *others[PORTS], *from;
    Worker *worker = worker_start(post_until_closed, NULL);
    ports[0] = worker->port;
    for (int i = 1; i < PORTS; i++)
        channel_open(&ports[i], &others[i]);
    Message msg;
    Deadline end = deadline_in_ms(400);
    int received = 0;
    while (received < MESSAGES && deadline_remaining_ns(end) > 0) {
        CHECK_INT(port_select_until(ports, PORTS, &msg, &from, MUCH_LATER),
                  WAIT_OK);
        CHECK(from == ports[0]);
        CHECK_INT(atoi(msg.text), received++);
    }
    // On a busy machine some are left: the worker expects to post them all.
    while (received < MESSAGES)
        expect_number(ports[0], received++);
    worker_join(&worker);
    for (int i = 1; i < PORTS; i++)
        close_both(ports[i], others[i]);
}
