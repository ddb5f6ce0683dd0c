// A queue in a child of fork, under load: the process forks while other threads
// are anywhere in their calls. Large items, so that often a thread is just
// copying one.

#include <stdlib.h>
#include <string.h>

#include "fork_child.h"
#include "queue_checks.h"

static Queue *queue;

enum { SENDERS = 4, RECEIVERS = 2 };

typedef struct Item {
    unsigned sender, number;
    unsigned char bytes[];
} Item;

static size_t item_size;

static unsigned char pattern_of(const Item *item)
{
    return (unsigned char)(item->sender * 101 + item->number * 7);
}

static void send_large(WorkerContext *self)
{
    Item *item = malloc(item_size);
    item->sender = (unsigned)(uintptr_t)self->worker_data;
    item->number = 0;
    do {
        item->number++;
        memset(item->bytes, pattern_of(item), item_size - sizeof *item);
    } while (queue_send(queue, item));
    free(item);
}

static void receive_large(WorkerContext *self)
{
    (void)self;
    Item *item = malloc(item_size);
    while (queue_receive(queue, item))
        continue;
    free(item);
}

static void check_item(const Item *item, unsigned last[SENDERS])
{
    size_t wrong = 0;
    for (size_t i = 0; i < item_size - sizeof *item; i++)
        wrong += item->bytes[i] != pattern_of(item);
    CHECK_INT(wrong, 0);
    CHECK(item->sender < SENDERS);
    CHECK(item->number > last[item->sender]);
    last[item->sender] = item->number;
}

static void drain(Item *item, unsigned last[SENDERS])
{
    size_t stored = queue_size(queue);
    CHECK(stored <= queue_capacity(queue));
    for (size_t i = 0; i < stored; i++) {
        CHECK_INT(queue_receive_until(queue, item, DEADLINE_NOW), WAIT_OK);
        check_item(item, last);
    }
    CHECK_INT(queue_receive_until(queue, item, DEADLINE_NOW), WAIT_TIMED_OUT);
}

static void drain_and_fill(void)
{
    Item *item = malloc(item_size);
    drain(item, (unsigned[SENDERS]){ 0 });
    size_t sent = 0;
    item->sender = 1;
    for (unsigned i = 1; i < 100; i++) {
        item->number = i;
        memset(item->bytes, pattern_of(item), item_size - sizeof *item);
        sent += queue_send_until(queue, item, DEADLINE_NOW) == WAIT_OK;
    }
    CHECK_INT(sent, queue_capacity(queue));
    CHECK_INT(queue_size(queue), queue_capacity(queue));
    drain(item, (unsigned[SENDERS]){ 0 });
    queue_free(&queue);
    free(item);
}

static void storm(size_t capacity, size_t size, int senders, int receivers)
{
    Worker *workers[SENDERS + RECEIVERS];
    item_size = size;
    queue = queue_new(capacity, size);
    for (int i = 0; i < senders; i++)
        workers[i] = worker_start(send_large, (void *)(uintptr_t)i);
    for (int i = 0; i < receivers; i++)
        workers[senders + i] = worker_start(receive_large, NULL);
    for (int i = 0; i < test_rounds(100); i++) {
        let_pass(random_moment());
        check_in_child(drain_and_fill);
    }
    queue_close(queue);
    for (int i = 0; i < senders + receivers; i++)
        worker_join(&workers[i]);
    queue_free(&queue);
}

TEST(storm_of_copies, "forks while items are copied: each stored item is whole")
{
    sanitizer_must_not_lock();
    storm(4, 1 << 18, 2, RECEIVERS);
    storm(16, 1 << 16, 2, RECEIVERS);
}

TEST(storm_of_exchanges, "forks while receivers serve senders that sleep")
{
    sanitizer_must_not_lock();
    storm(1, 1 << 18, SENDERS, 1);
    storm(2, 1 << 16, SENDERS, 1);
}

TEST(storm_of_calls, "forks while threads are in the middle of short calls")
{
    sanitizer_must_not_lock();
    storm(4, sizeof(Item) + 1, 2, RECEIVERS);
    storm(0, sizeof(Item) + 1, 2, RECEIVERS);
}
