// The promises of queue.h to one thread: items, room, closing, deadlines.
// Waiting is in test_queue_waiting.c, crowds are in test_queue_load.c.

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "queue_checks.h"

// Items

TEST(order_kept, "items come out in the order in which they went in")
{
    Queue *queue = queue_new(3, sizeof(int));
    int sent = 0, received = 0;
    for (int round = 0; round < 20; round++) {  // goes round the ring often
        while (try_send_int(queue, sent) == WAIT_OK)
            sent++;
        CHECK_INT(sent - received, 3);
        for (int i = 0; i <= round % 3; i++)
            CHECK_INT(receive_int(queue), received++);
    }
    while (received < sent)
        CHECK_INT(receive_int(queue), received++);
    queue_free(&queue);
}

TEST(copies, "what is received is what was sent, whatever became of it since")
{
    Queue *queue = queue_new(2, sizeof(int));
    int item = 1;
    CHECK(queue_send(queue, &item));
    item = 2;
    CHECK(queue_send(queue, &item));
    item = 3;
    CHECK_INT(receive_int(queue), 1);
    CHECK_INT(receive_int(queue), 2);
    queue_free(&queue);
}

enum { LARGEST = 1000 };
static const size_t sizes[] = { 0, 1, 3, 7, 8, 9, 12, 16, 24, LARGEST };
enum { SIZES = sizeof sizes / sizeof *sizes };

typedef struct Bytes {
    unsigned char at[LARGEST + 1];  // one more, which must stay untouched
} Bytes;

static Bytes pattern(size_t number)
{
    Bytes bytes;
    for (size_t i = 0; i < sizeof bytes.at; i++)
        bytes.at[i] = (unsigned char)(i * 7 + i / 256 + number * 13 + 1);
    return bytes;
}

static void check_received(Queue *queue, size_t size, size_t number)
{
    Bytes expected = pattern(number), actual = { { 0 } };
    CHECK(queue_receive(queue, actual.at));
    CHECK(memcmp(actual.at, expected.at, size) == 0);
    CHECK_INT(actual.at[size], 0);
}

TEST(sizes_stored, "items of 0 to 1000 bytes are stored whole")
{
    for (int i = 0; i < SIZES; i++) {
        Queue *queue = queue_new(4, sizes[i]);
        for (size_t number = 0; number < 4; number++)
            CHECK(queue_send(queue, pattern(number).at));
        for (size_t number = 0; number < 4; number++)
            check_received(queue, sizes[i], number);
        queue_free(&queue);
    }
}

static void send_patterns(WorkerContext *self)
{
    for (size_t number = 0; number < 20; number++)
        CHECK(queue_send(self->worker_data, pattern(number).at));
}

TEST(sizes_handed_over, "items of these sizes are handed over whole")
{
    for (int i = 0; i < SIZES; i++) {
        Queue *queue = queue_new(0, sizes[i]);
        Worker *sender = worker_start(send_patterns, queue);
        for (size_t number = 0; number < 20; number++)
            check_received(queue, sizes[i], number);
        worker_join(&sender);
        queue_free(&queue);
    }
}

TEST(nothing_at_all, "items of no size need neither room nor an address")
{
    Queue *queue = queue_new(SIZE_MAX, 0);
    for (int i = 0; i < 3; i++)
        CHECK(queue_send(queue, NULL));
    CHECK_INT(queue_size(queue), 3);
    for (int i = 0; i < 3; i++)
        CHECK(queue_receive(queue, NULL));
    CHECK_INT(queue_receive_until(queue, NULL, DEADLINE_NOW), WAIT_TIMED_OUT);
    queue_free(&queue);
}

// Room

TEST(size_and_capacity, "the size counts what is stored, the capacity stays")
{
    for (int capacity = 0; capacity < 4; capacity++) {
        Queue *queue = queue_new((size_t)capacity, sizeof(int));
        for (int i = 0; i < capacity; i++) {
            CHECK_INT(queue_size(queue), i);
            send_int(queue, i);
        }
        CHECK_INT(queue_capacity(queue), capacity);
        for (int i = capacity; i > 0; i--) {
            CHECK_INT(queue_size(queue), i);
            receive_int(queue);
        }
        CHECK_INT(queue_size(queue), 0);
        CHECK_INT(queue_capacity(queue), capacity);
        queue_free(&queue);
    }
}

TEST(full_refuses, "a full queue refuses an item, which never comes out")
{
    for (int capacity = 0; capacity < 4; capacity++) {
        Queue *queue = full_queue(capacity);
        CHECK_INT(try_send_int(queue, 99), WAIT_TIMED_OUT);
        CHECK_INT(queue_size(queue), capacity);
        for (int i = 0; i < capacity; i++)
            CHECK_INT(receive_int(queue), i);
        check_nothing(queue, WAIT_TIMED_OUT);
        queue_free(&queue);
    }
}

static void make_too_many(void)
{
    queue_new(SIZE_MAX / 8 + 1, 8);
}

static void make_too_many_by_little(void)
{
    queue_new(SIZE_MAX / 16 + 2, 8);  // with a stamp each it is 16 too many
}

static void make_too_large(void)
{
    queue_new(2, SIZE_MAX / 2 + 1);
}

static void make_too_large_by_little(void)
{
    queue_new(1, SIZE_MAX - 8);
}

TEST(impossible_sizes, "more than the address space holds dies, and says so")
{
    CHECK_DIES(make_too_many, " items of 8 bytes are too many");
    CHECK_DIES(make_too_many_by_little, " items of 8 bytes are too many");
    CHECK_DIES(make_too_large, "queue_new: 2 items of ");
    CHECK_DIES(make_too_large_by_little, "queue_new: 1 items of ");
}

TEST(freed_with_items, "a queue may be freed with items in it, closed or not")
{
    queue_free(&(Queue *){ full_queue(3) });
    Queue *queue = full_queue(3);
    queue_close(queue);
    queue_free(&queue);
    queue_free(&(Queue *){ queue_new(0, 8) });
}

// Closing

TEST(closed_refuses, "a closed queue refuses items, whether it is full or not")
{
    for (int stored = 0; stored < 3; stored++) {
        Queue *queue = queue_new(2, sizeof(int));
        for (int i = 0; i < stored; i++)
            send_int(queue, i);
        queue_close(queue);

        int item = 99;
        CHECK(!queue_send(queue, &item));
        CHECK_INT(try_send_int(queue, 99), WAIT_CLOSED);
        CHECK_INT(queue_size(queue), stored);
        for (int i = 0; i < stored; i++)
            CHECK_INT(receive_int(queue), i);
        CHECK(!queue_send(queue, &item));
        check_nothing(queue, WAIT_CLOSED);
        queue_free(&queue);
    }
}

TEST(closed_drains, "what was sent before closing still comes, then closed")
{
    for (int capacity = 0; capacity < 4; capacity++) {
        Queue *queue = full_queue(capacity);
        queue_close(queue);
        for (int i = 0; i < capacity; i++)
            CHECK_INT(receive_int(queue), i);
        for (int i = 0; i < 3; i++) {
            int item = -1;
            CHECK(!queue_receive(queue, &item));
            CHECK_INT(item, -1);
            check_nothing(queue, WAIT_CLOSED);
        }
        queue_free(&queue);
    }
}

TEST(closed_twice, "closing again returns false and changes nothing")
{
    Queue *queue = full_queue(2);
    CHECK(queue_close(queue));
    CHECK(!queue_close(queue));
    CHECK_INT(receive_int(queue), 0);
    CHECK(!queue_close(queue));
    CHECK_INT(receive_int(queue), 1);
    check_nothing(queue, WAIT_CLOSED);
    CHECK(!queue_close(queue));
    CHECK_INT(try_send_int(queue, 2), WAIT_CLOSED);
    queue_free(&queue);
}

// Deadlines

static Deadline just_passed(void)
{
    Deadline deadline = deadline_in_ms(1);
    while (deadline_remaining_ns(deadline) > 0)
        test_let_others_run();
    return deadline;
}

TEST(expired_receive, "an item that is there comes after the deadline too")
{
    Deadline passed[] = { DEADLINE_NOW, deadline_in_ms(-1), just_passed() };
    for (int i = 0; i < 3; i++) {
        Queue *queue = full_queue(1);
        int item = -1;
        CHECK_INT(queue_receive_until(queue, &item, passed[i]), WAIT_OK);
        CHECK_INT(item, 0);
        CHECK_INT(queue_receive_until(queue, &item, passed[i]), WAIT_TIMED_OUT);
        queue_free(&queue);
    }
}

TEST(expired_send, "where there is room is room after the deadline too")
{
    Deadline passed[] = { DEADLINE_NOW, deadline_in_ms(-1), just_passed() };
    for (int i = 0; i < 3; i++) {
        Queue *queue = queue_new(1, sizeof(int));
        int item = 5;
        CHECK_INT(queue_send_until(queue, &item, passed[i]), WAIT_OK);
        CHECK_INT(queue_send_until(queue, &item, passed[i]), WAIT_TIMED_OUT);
        CHECK_INT(receive_int(queue), 5);
        check_nothing(queue, WAIT_TIMED_OUT);
        queue_free(&queue);
    }
}

TEST(not_early, "nobody gives up before the deadline")
{
    for (int capacity = 0; capacity < 2; capacity++) {
        Queue *queue = full_queue(capacity);
        int item = 99;
        Deadline deadline = deadline_in_ms(20);
        CHECK_INT(queue_send_until(queue, &item, deadline), WAIT_TIMED_OUT);
        CHECK_INT(deadline_remaining_ns(deadline), 0);

        while (queue_size(queue) > 0)
            receive_int(queue);
        deadline = deadline_in_ms(20);
        CHECK_INT(queue_receive_until(queue, &item, deadline), WAIT_TIMED_OUT);
        CHECK_INT(deadline_remaining_ns(deadline), 0);
        CHECK_INT(item, 99);
        queue_free(&queue);
    }
}

TEST(given_up_send, "an item that was given up is never received")
{
    for (int capacity = 0; capacity < 3; capacity++) {
        Queue *queue = full_queue(capacity);
        int item = 99;
        CHECK_INT(queue_send_until(queue, &item, deadline_in_ms(5)),
                  WAIT_TIMED_OUT);
        for (int i = 0; i < capacity; i++)
            CHECK_INT(receive_int(queue), i);
        check_nothing(queue, WAIT_TIMED_OUT);
        queue_free(&queue);
    }
}

TEST(given_up_receive, "nothing is sent to a receiver that has given up")
{
    for (int capacity = 0; capacity < 3; capacity++) {
        Queue *queue = queue_new((size_t)capacity, sizeof(int));
        int item = -1;
        CHECK_INT(queue_receive_until(queue, &item, deadline_in_ms(5)),
                  WAIT_TIMED_OUT);
        for (int i = 0; i < capacity; i++)
            CHECK_INT(try_send_int(queue, i), WAIT_OK);
        CHECK_INT(try_send_int(queue, 99), WAIT_TIMED_OUT);
        CHECK_INT(item, -1);
        for (int i = 0; i < capacity; i++)
            CHECK_INT(receive_int(queue), i);
        queue_free(&queue);
    }
}
