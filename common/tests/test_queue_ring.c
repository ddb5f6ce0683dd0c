// The ring behind a queue with room: exact at every capacity, lap after lap,
// for items of every size, and also while others are in the middle of it.

#include <stdint.h>
#include <string.h>

#include "queue_checks.h"

// One thread

// A queue, and what it must hold: the numbers from first to next.
typedef struct Model {
    Queue *queue;
    int capacity, first, next;
} Model;

static void send_next(Model *model)
{
    bool room = model->next - model->first < model->capacity;
    CHECK_INT(try_send_int(model->queue, model->next),
              room ? WAIT_OK : WAIT_TIMED_OUT);
    model->next += room;
}

static void receive_first(Model *model)
{
    int item = -1;
    bool any = model->next > model->first;
    CHECK_INT(queue_receive_by(model->queue, &item, DEADLINE_NOW),
              any ? WAIT_OK : WAIT_TIMED_OUT);
    CHECK_INT(item, any ? model->first : -1);
    model->first += any;
}

static unsigned next_random(unsigned before)
{
    return before * 1103515245 + 12345;
}

static void go_round(Model *model, int rounds)
{
    unsigned random = (unsigned)model->capacity;
    for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < (int)(random >> 16) % (model->capacity + 2); i++)
            send_next(model);
        CHECK_INT(queue_size(model->queue), model->next - model->first);
        random = next_random(random);
        for (int i = 0; i < (int)(random >> 16) % (model->capacity + 2); i++)
            receive_first(model);
        CHECK_INT(queue_size(model->queue), model->next - model->first);
        random = next_random(random);
    }
}

TEST(every_capacity, "with room for 1 to 9 exactly so many fit, lap after lap")
{
    for (int capacity = 1; capacity <= 9; capacity++) {
        Model model = { queue_new((size_t)capacity, sizeof(int)), capacity,
                        .next = 0 };
        go_round(&model, 2000);
        CHECK(model.next > 1000);
        queue_free(model.queue);
    }
}

TEST(large_capacities, "with room for about a power of two too")
{
    static const int capacities[] = { 1023, 1024, 1025 };
    for (int i = 0; i < 3; i++) {
        Model model = { queue_new((size_t)capacities[i], sizeof(int)),
                        capacities[i], .next = 0 };
        go_round(&model, 40);
        CHECK(model.next > 4 * 1024);
        queue_free(model.queue);
    }
}

enum { LARGEST = 40 };

typedef struct Bytes {
    unsigned char at[LARGEST + 1];  // one more, which must stay untouched
} Bytes;

static Bytes numbered(size_t size, int number)
{
    Bytes bytes = { { 0 } };
    for (size_t i = 0; i < size; i++)
        bytes.at[i] = (unsigned char)(1 + number * 31 + (int)i * 7);
    return bytes;
}

static void send_and_receive(Queue *queue, size_t size)
{
    size_t capacity = queue_capacity(queue);
    int sent = 0, received = 0;
    while (received < 4 * LARGEST) {
        while (queue_size(queue) < capacity)
            CHECK(queue_send(queue, numbered(size, sent++).at));
        Bytes expected = numbered(size, received++), actual = { { 0 } };
        CHECK(queue_receive(queue, actual.at));
        CHECK(memcmp(actual.at, expected.at, sizeof actual.at) == 0);
    }
}

TEST(item_sizes, "items of 1 to 40 bytes stay apart, and come whole")
{
    for (size_t size = 1; size <= LARGEST; size++) {
        for (size_t capacity = 1; capacity <= 3; capacity++) {
            Queue *queue = queue_new(capacity, size);
            send_and_receive(queue, size);
            queue_free(queue);
        }
    }
}

// Several threads

enum { EACH = 3000, SIDES = 3 };

// It is torn when these are not all the same.
typedef struct Wide {
    long numbers[5];
} Wide;

static void send_wide(WorkerThread *self)
{
    for (long i = 0; i < EACH; i++) {
        Wide wide = { { i, i, i, i, i } };
        CHECK(queue_send(self->worker_data, &wide));
    }
}

static void receive_wide(WorkerThread *self)
{
    Wide wide;
    while (queue_receive(self->worker_data, &wide))
        for (int i = 1; i < 5; i++)
            CHECK_INT(wide.numbers[i], wide.numbers[0]);
}

TEST(not_torn, "no item is seen before all of it is there, or overwritten")
{
    for (size_t capacity = 1; capacity <= 3; capacity++) {
        Queue *queue = queue_new(capacity, sizeof(Wide));
        Worker *senders[SIDES], *receivers[SIDES];
        start_all(senders, SIDES, send_wide, queue);
        start_all(receivers, SIDES, receive_wide, queue);
        join_all(senders, SIDES);
        queue_close(queue);
        join_all(receivers, SIDES);
        queue_free(queue);
    }
}

typedef struct Room {
    Queue *queue;
    bool sends_first;  // or else receives first
} Room;

// Sends whenever it knows of room, receives whenever it knows of an item.
static void try_each(WorkerThread *self)
{
    Room *room = self->worker_data;
    for (int i = 0, item = 0; i < 2 * EACH; i++) {
        WaitResult result =
            i % 2 == room->sends_first
                ? queue_receive_by(room->queue, &item, DEADLINE_NOW)
                : queue_send_by(room->queue, &item, DEADLINE_NOW);
        CHECK_INT(result, WAIT_OK);
    }
}

static void check_room(int threads, bool full)
{
    Room room = { full ? full_queue(threads)
                       : queue_new((size_t)threads, sizeof(int)),
                  !full };
    Worker *workers[5];
    start_all(workers, threads, try_each, &room);
    join_all(workers, threads);
    CHECK_INT(queue_size(room.queue), full ? threads : 0);
    queue_free(room.queue);
}

TEST(room_for_each, "with room for each of the threads no try ever fails")
{
    for (int threads = 1; threads <= 5; threads++)
        check_room(threads, false);
}

TEST(item_for_each, "with an item for each of the threads no try ever fails")
{
    for (int threads = 1; threads <= 5; threads++)
        check_room(threads, true);
}

// Sleepers

enum { LINE = 4, PUSHY = 2 };

typedef struct Crowd {
    Queue *queue;
    atomic_bool stop;
    atomic_int pushed_in;  // how often
} Crowd;

static void push_in_as_sender(WorkerThread *self)
{
    Crowd *crowd = self->worker_data;
    for (; !atomic_load(&crowd->stop); sched_yield())
        if (try_send_int(crowd->queue, -1) == WAIT_OK)
            atomic_fetch_add(&crowd->pushed_in, 1);
}

// What it got it gives back, so that the others get it.
static void push_in_as_receiver(WorkerThread *self)
{
    Crowd *crowd = self->worker_data;
    int item;
    for (; !atomic_load(&crowd->stop); sched_yield()) {
        if (queue_receive_by(crowd->queue, &item, DEADLINE_NOW) != WAIT_OK)
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
    queue_free(crowd.queue);
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
        worker_join(line[i].worker);
        CHECK_INT(line[i].result, WAIT_OK);
        in_order = in_order && line[i].item == i;
    }
    atomic_store(&crowd.stop, true);
    join_all(pushy, PUSHY);
    queue_free(crowd.queue);
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
