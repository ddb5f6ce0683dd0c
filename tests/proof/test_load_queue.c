// A queue under load: 8 senders, 8 receivers, and as many items as LOAD says
// (load.h). None is lost, none comes twice, those of one sender come in order,
// and the memory stays as it was.

#include "load.h"
#include "queue_checks.h"

enum { SIDES = 8 };

typedef struct Item {
    uint64_t sender, number;
} Item;

// The items of one sender that went in or came out.
typedef struct Sum {
    uint64_t count, mixed;
} Sum;

typedef struct Station Station;

// A sender or a receiver.
typedef struct Half {
    Station *station;
    uint64_t number;
    Sum sums[SIDES];
    Worker *worker;
} Half;

struct Station {
    Queue *queue;
    Queue *rounds;  // each sender takes how many it is to send, and
    Queue *sent;    // says that it has
    Half senders[SIDES], receivers[SIDES];
};

static void count(Half *half, Item item)
{
    half->sums[item.sender].count++;
    half->sums[item.sender].mixed += mixed(item.number);
}

static void send_rounds(WorkerContext *self)
{
    Half *half = self->worker_data;
    Station *station = half->station;
    Item item = { half->number, 0 };
    long share;
    while (queue_receive(station->rounds, &share)) {
        for (; share > 0; share--, item.number++) {
            CHECK(queue_send(station->queue, &item));
            count(half, item);
        }
        CHECK(queue_send(station->sent, NULL));
    }
}

static void receive_all(WorkerContext *self)
{
    Half *half = self->worker_data;
    uint64_t next[SIDES] = { 0 };  // at least
    Item item;
    while (queue_receive(half->station->queue, &item)) {
        CHECK(item.sender < SIDES && item.number >= next[item.sender]);
        next[item.sender] = item.number + 1;
        count(half, item);
    }
}

// Any sender may have taken any share of a round.
static void do_round(Station *station, long share)
{
    long each = share / SIDES;
    for (int i = 0; i < SIDES; i++)
        CHECK(queue_send(station->rounds, &each));
    for (int i = 0; i < SIDES; i++)
        CHECK(queue_receive(station->sent, NULL));
}

static void start_halves(Half halves[], Station *station,
                         void (*run)(WorkerContext *self))
{
    for (int i = 0; i < SIDES; i++) {
        halves[i] = (Half){ .station = station, .number = (uint64_t)i };
        halves[i].worker = worker_start(run, &halves[i]);
    }
}

static Sum sum_of(const Half halves[], int sender)
{
    Sum sum = { 0, 0 };
    for (int i = 0; i < SIDES; i++) {
        sum.count += halves[i].sums[sender].count;
        sum.mixed += halves[i].sums[sender].mixed;
    }
    return sum;
}

static void end_halves(Half halves[], Queue *queue)
{
    CHECK(queue_close(queue));
    for (int i = 0; i < SIDES; i++)
        worker_join(&halves[i].worker);
}

static void check_sums(const Station *station, const Load *load)
{
    uint64_t total = 0;
    for (int i = 0; i < SIDES; i++) {
        Sum sent = sum_of(station->senders, i);
        Sum received = sum_of(station->receivers, i);
        CHECK_INT((long long)received.count, (long long)sent.count);
        CHECK(received.mixed == sent.mixed);
        total += received.count;
    }
    CHECK_INT((long long)total,
              (long long)load->rounds * (load->share / SIDES * SIDES));
}

static void run_load(const char *what, size_t capacity, long whole)
{
    static Station station;
    station = (Station){ .queue = queue_new(capacity, sizeof(Item)),
                         .rounds = queue_new(SIDES, sizeof(long)),
                         .sent = queue_new(SIDES, 0) };
    start_halves(station.senders, &station, send_rounds);
    start_halves(station.receivers, &station, receive_all);
    Load load = load_begin(what, whole);
    while (load_goes_on(&load))
        do_round(&station, load.share);
    end_halves(station.senders, station.rounds);
    end_halves(station.receivers, station.queue);
    check_sums(&station, &load);
    load_end(&load);
    queue_free(&station.queue);
    queue_free(&station.rounds);
    queue_free(&station.sent);
}

TEST(buffered,
     "10,000,000 items from 8 senders to 8 receivers, 1024 on the way")
{
    run_load("items from 8 senders to 8 receivers, capacity 1024", 1024,
             10 * 1000 * 1000);
}

TEST(narrow, "2,000,000 items from 8 senders to 8 receivers, 2 on the way")
{
    run_load("items from 8 senders to 8 receivers, capacity 2", 2,
             2 * 1000 * 1000);
}

TEST(rendezvous, "500,000 items from 8 senders to 8 receivers, hand to hand")
{
    run_load("items from 8 senders to 8 receivers, capacity 0", 0, 500 * 1000);
}
