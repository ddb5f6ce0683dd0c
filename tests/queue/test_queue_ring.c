// The ring behind a queue with room: exact at every capacity, lap after lap,
// for items of every size, and also while others are in the middle of it.

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "queue/queue_ring.h"
#include "queue_checks.h"

// One thread

TEST(cells, "how large cells are, and how many of them are too many")
{
    const size_t most = (size_t)PTRDIFF_MAX / 2;
    CHECK_INT((long long)ring_cells_size(1, 1), 16);
    CHECK_INT((long long)ring_cells_size(1, 8), 16);
    CHECK_INT((long long)ring_cells_size(3, 9), 72);
    CHECK_INT((long long)ring_cells_size(0, 8), 0);
    CHECK(ring_cells_size(most / 16, 8) == most / 16 * 16);
    CHECK_INT((long long)ring_cells_size(most / 16 + 1, 8), 0);
    CHECK_INT((long long)ring_cells_size(1, SIZE_MAX), 0);
}

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
    CHECK_INT(queue_receive_until(model->queue, &item, DEADLINE_NOW),
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
        queue_free(&model.queue);
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
        queue_free(&model.queue);
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
            queue_free(&queue);
        }
    }
}

// Several threads. To copy a huge item takes so long that others come while it
// is on its way.

enum { SIDES = 3, HUGE_ITEM = 1 << 20 };

typedef struct Lot {
    Queue *queue;
    size_t item_size, each;  // how many items or tries for each thread
    bool sends_first;        // otherwise it receives first
} Lot;

static void send_whole(WorkerContext *self)
{
    Lot *lot = self->worker_data;
    unsigned char *item = must_malloc(lot->item_size);
    for (size_t i = 0; i < lot->each; i++) {
        memset(item, (int)i & 0xFF, lot->item_size);
        CHECK(queue_send(lot->queue, item));
    }
    free(item);
}

// An item is torn when its bytes are not all the same.
static void receive_whole(WorkerContext *self)
{
    Lot *lot = self->worker_data;
    unsigned char *item = must_malloc(lot->item_size);
    while (queue_receive(lot->queue, item))
        CHECK(memcmp(item, item + 1, lot->item_size - 1) == 0);
    free(item);
}

static void check_not_torn(size_t capacity, size_t item_size, size_t each)
{
    Lot lot = { queue_new(capacity, item_size), item_size, each, false };
    Worker *senders[SIDES], *receivers[SIDES];
    start_all(senders, SIDES, send_whole, &lot);
    start_all(receivers, SIDES, receive_whole, &lot);
    join_all(senders, SIDES);
    queue_close(lot.queue);
    join_all(receivers, SIDES);
    queue_free(&lot.queue);
}

TEST(not_torn, "no item is seen before all of it is there, or overwritten")
{
    for (size_t capacity = 1; capacity <= 3; capacity++) {
        check_not_torn(capacity, 40, 3000);
        check_not_torn(capacity, HUGE_ITEM, 40);
    }
}

// Sends whenever it knows of room, receives whenever it knows of an item.
static void try_each(WorkerContext *self)
{
    Lot *lot = self->worker_data;
    void *item = calloc(1, lot->item_size);
    for (size_t i = 0; i < lot->each; i++) {
        WaitResult result =
            i % 2 == lot->sends_first
                ? queue_receive_until(lot->queue, item, DEADLINE_NOW)
                : queue_send_until(lot->queue, item, DEADLINE_NOW);
        CHECK_INT(result, WAIT_OK);
    }
    free(item);
}

static void check_tries(size_t threads, bool full, size_t item_size,
                        size_t each)
{
    Lot lot = { queue_new(threads, item_size), item_size, each, !full };
    Worker *workers[5];
    void *item = calloc(1, item_size);
    for (size_t i = 0; full && i < threads; i++)
        CHECK(queue_send(lot.queue, item));
    free(item);
    start_all(workers, (int)threads, try_each, &lot);
    join_all(workers, (int)threads);
    CHECK_INT(queue_size(lot.queue), full ? threads : 0);
    queue_free(&lot.queue);
}

TEST(room_for_each, "with room for each of the threads no try ever fails")
{
    for (size_t threads = 1; threads <= 5; threads++) {
        check_tries(threads, false, 4, 6000);
        check_tries(threads, false, HUGE_ITEM, 50);
    }
}

TEST(item_for_each, "with an item for each of the threads no try ever fails")
{
    for (size_t threads = 1; threads <= 5; threads++) {
        check_tries(threads, true, 4, 6000);
        check_tries(threads, true, HUGE_ITEM, 50);
    }
}
