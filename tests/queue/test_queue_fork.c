// A queue in a child of fork: it works there, with the items that were stored
// when the process forked. The parent's other threads may have slept, or been
// in the middle of a call.

#include "fork_child.h"
#include "queue_checks.h"

static Queue *queue;

static int try_receive_int(void)
{
    int item = -1;
    queue_receive_until(queue, &item, DEADLINE_NOW);
    return item;
}

// Fills the empty queue and empties it again.
static void check_works(void)
{
    int capacity = (int)queue_capacity(queue);
    for (int i = 0; i < capacity; i++)
        CHECK_INT(try_send_int(queue, 10 + i), WAIT_OK);
    CHECK_INT(try_send_int(queue, 9), WAIT_TIMED_OUT);
    CHECK_INT(queue_size(queue), capacity);
    for (int i = 0; i < capacity; i++)
        CHECK_INT(try_receive_int(), 10 + i);
    CHECK_INT(try_receive_int(), -1);
    CHECK_INT(queue_receive_until(queue, &capacity, deadline_in_ms(1)),
              WAIT_TIMED_OUT);
    queue_free(&queue);
}

TEST(receiver_waits, "a child's item does not go to a receiver of the parent")
{
    queue = queue_new(2, sizeof(int));
    Call call;
    start_receiving(&call, queue, DEADLINE_NEVER);
    check_in_child(check_works);
    send_int(queue, 1);
    check_join(&call, WAIT_OK, 1);
    queue_free(&queue);
}

static void take_two(void)
{
    CHECK_INT(try_receive_int(), 0);
    CHECK_INT(try_receive_int(), 1);
    check_works();
}

TEST(sender_waits, "an item whose send had not returned stays the parent's")
{
    queue = full_queue(2);
    Call call;
    start_sending(&call, queue, 2, DEADLINE_NEVER);
    check_in_child(take_two);
    for (int i = 0; i < 3; i++)
        CHECK_INT(receive_int(queue), i);
    check_join(&call, WAIT_OK, 2);
    queue_free(&queue);
}

TEST(rendezvous, "with capacity 0 a child meets no thread of the parent")
{
    queue = queue_new(0, sizeof(int));
    Call call;
    start_receiving(&call, queue, DEADLINE_NEVER);
    check_in_child(check_works);
    send_int(queue, 1);
    check_join(&call, WAIT_OK, 1);
    start_sending(&call, queue, 2, DEADLINE_NEVER);
    check_in_child(check_works);
    CHECK_INT(receive_int(queue), 2);
    check_join(&call, WAIT_OK, 2);
    queue_free(&queue);
}

static void use_tokens(void)
{
    CHECK_INT(queue_size(queue), 1);
    CHECK(queue_send(queue, NULL));
    CHECK_INT(queue_send_until(queue, NULL, DEADLINE_NOW), WAIT_TIMED_OUT);
    CHECK(queue_receive(queue, NULL) && queue_receive(queue, NULL));
    CHECK_INT(queue_receive_until(queue, NULL, DEADLINE_NOW), WAIT_TIMED_OUT);
}

TEST(tokens, "items of no size are counted on in a child")
{
    queue = queue_new(2, 0);
    CHECK(queue_send(queue, NULL));
    check_in_child(use_tokens);
    CHECK_INT(queue_size(queue), 1);
    queue_free(&queue);
}

static void find_closed(void)
{
    CHECK(!queue_close(queue));
    CHECK_INT(try_send_int(queue, 1), WAIT_CLOSED);
    CHECK_INT(receive_int(queue), 0);
    check_nothing(queue, WAIT_CLOSED);
}

static void close_in_child(void)
{
    CHECK(queue_close(queue));
    find_closed();
}

TEST(closed, "a closed queue is closed in a child; a child closes its own")
{
    queue = full_queue(1);
    Call call;
    start_sending(&call, queue, 1, DEADLINE_NEVER);
    check_in_child(close_in_child);
    CHECK_INT(receive_int(queue), 0);
    check_join(&call, WAIT_OK, 1);
    CHECK_INT(receive_int(queue), 1);
    send_int(queue, 0);
    CHECK(queue_close(queue));
    check_in_child(find_closed);
    queue_free(&queue);
}

static Queue *other;

static void select_either(WorkerContext *self)
{
    (void)self;
    int item;
    size_t chosen;
    QueueCase cases[] = { receiving(queue, &item), receiving(other, &item) };
    CHECK_INT(queue_select(cases, 2, &chosen), WAIT_OK);
    CHECK_INT((int)chosen, 1);
}

static void select_in_child(void)
{
    int item = 7;
    size_t chosen;
    QueueCase cases[] = { receiving(queue, &item), sending(other, &item) };
    CHECK_INT(queue_select(cases, 2, &chosen), WAIT_OK);
    CHECK_INT((int)chosen, 1);
    check_works();
    queue = other;
    CHECK_INT(try_receive_int(), 7);
    check_works();
}

TEST(select_waits, "a select of the parent's takes no item of a child")
{
    queue = queue_new(1, sizeof(int));
    other = queue_new(3, sizeof(int));
    Worker *worker = worker_start(select_either, NULL);
    await_waiting(queue);
    await_waiting(other);
    check_in_child(select_in_child);
    send_int(other, 1);
    worker_join(&worker);
    queue_free(&queue);
    queue_free(&other);
}

static void nest(void)
{
    send_int(queue, 1);
    check_in_child(take_two);
    take_two();
}

TEST(nested, "a child's child has the items that the child had")
{
    queue = queue_new(2, sizeof(int));
    Call call;
    start_receiving(&call, queue, DEADLINE_NEVER);
    send_int(queue, 5);
    check_join(&call, WAIT_OK, 5);
    send_int(queue, 0);
    check_in_child(nest);
    queue_free(&queue);
}

static void echo(WorkerContext *self)
{
    (void)self;
    int item;
    while (queue_receive(queue, &item))
        send_int(other, item);
}

static void work_in_child(void)
{
    Worker *worker = worker_start(echo, NULL);
    for (int i = 0; i < 1000; i++) {
        send_int(queue, i);
        CHECK_INT(receive_int(other), i);
    }
    queue_close(queue);
    worker_join(&worker);
}

TEST(threads, "a child's own threads wait and wake as the parent's do")
{
    children_must_have_threads();
    queue = queue_new(1, sizeof(int));
    other = queue_new(0, sizeof(int));
    Worker *worker = worker_start(echo, NULL);
    await_waiting(queue);
    for (int i = 0; i < 10; i++)
        check_in_child(work_in_child);
    send_int(queue, 1);
    CHECK_INT(receive_int(other), 1);
    queue_close(queue);
    worker_join(&worker);
    queue_free(&queue);
    queue_free(&other);
}
