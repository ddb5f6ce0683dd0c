// A try (DEADLINE_NOW) comes back: in a signal handler, and when another thread
// is stopped in the middle of an operation.
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#include "gate.h"
#include "handlers.h"
#include "queue/queue_internal.h"
#include "queue_checks.h"
#include "test.h"

// In a handler.

static Queue *queue;
static pthread_t main_thread;
static atomic_int handled, received, sent;
static atomic_bool over;

static void *send_signals(void *count)
{
    for (int i = 0; i < *(int *)count; i++) {
        pthread_kill(main_thread, SIGUSR1);
        while (atomic_load(&handled) == i)
            usleep(10);
    }
    atomic_store(&over, true);
    return NULL;
}

// Items are the numbers from 0, each once; or they have no size.
static void send_now(void)
{
    int item = atomic_load(&sent);
    if (queue_send_until(queue, &item, DEADLINE_NOW) == WAIT_OK)
        atomic_fetch_add(&sent, 1);
}

static void receive_now(void)
{
    int item = atomic_load(&received);
    if (queue_receive_until(queue, &item, DEADLINE_NOW) == WAIT_OK)
        CHECK_INT(item, atomic_fetch_add(&received, 1));
}

static void send_in_handler(int signal)
{
    (void)signal;
    send_now();
    atomic_fetch_add(&handled, 1);
}

static void receive_in_handler(int signal)
{
    (void)signal;
    receive_now();
    atomic_fetch_add(&handled, 1);
}

static void disturb(void (*handler)(int), void (*step)(void))
{
    must_wake_in_handlers();
    int count = test_rounds(2000);
    pthread_t sender;
    main_thread = pthread_self();
    signal(SIGUSR1, handler);
    CHECK(pthread_create(&sender, NULL, send_signals, &count) == 0);
    while (!atomic_load(&over))
        step();
    CHECK(pthread_join(sender, NULL) == 0);
    while (queue_size(queue) > 0)
        receive_now();
    CHECK_INT(received, sent);
    CHECK(sent > 0);
    queue_free(&queue);
}

TEST(sends, "a handler sends in the middle of receives")
{
    queue = queue_new(4, sizeof(int));
    disturb(send_in_handler, receive_now);
}

TEST(receives, "a handler receives in the middle of sends")
{
    queue = queue_new(4, sizeof(int));
    disturb(receive_in_handler, send_now);
}

TEST(sends_tokens, "a handler sends, and each call takes the lock")
{
    queue = queue_new(4, 0);
    disturb(send_in_handler, receive_now);
}

TEST(receives_tokens, "a handler receives, and each call takes the lock")
{
    queue = queue_new(4, 0);
    disturb(receive_in_handler, send_now);
}

// The handler's thread has the lock.

static void size_with_lock(void) LOCKS_UNCHECKED
{
    queue = queue_new(4, sizeof(int));
    lock_acquire(&queue->lock);
    queue_size(queue);
}

TEST(other_calls, "a handler makes a call that would wait for its own thread")
{
    CHECK_DIES(size_with_lock, "a signal handler called this, in the middle");
}

TEST(with_lock, "a handler tries a queue of which its thread has the lock")
{
    int item = 1;
    queue = queue_new(0, sizeof item);
    lock_acquire(&queue->lock);
    CHECK(queue_send_until(queue, &item, DEADLINE_NOW) == WAIT_TIMED_OUT);
    CHECK(queue_receive_until(queue, &item, DEADLINE_NOW) == WAIT_TIMED_OUT);
    lock_release(&queue->lock);
    queue_free(&queue);
}

// A thread is stopped between the claim of a cell and its stamp. Here no thread
// is: the position is moved, and back.

enum { ONE = 1 << RING_FLAG_BITS };

TEST(unfinished_send, "a try of an item that is not there yet comes back")
{
    int item = 1, chosen_item = 1;
    size_t chosen;
    queue = queue_new(4, sizeof item);
    atomic_fetch_add(&queue->ring.tail, ONE);
    CHECK(queue_receive_until(queue, &item, DEADLINE_NOW) == WAIT_TIMED_OUT);
    QueueCase cases[] = { { .queue = queue, .receive = &chosen_item } };
    CHECK(queue_select_until(cases, 1, &chosen, DEADLINE_NOW) ==
          WAIT_TIMED_OUT);
    CHECK(queue_receive_until(queue, &item, deadline_in_ms(100)) ==
          WAIT_TIMED_OUT);
    atomic_fetch_sub(&queue->ring.tail, ONE);
    send_int(queue, 5);
    CHECK_INT(receive_int(queue), 5);
    queue_free(&queue);
}

static Gate about_to_send;

static void *send_one(void *unused)
{
    gate_open(&about_to_send);
    send_int(queue, 2);
    return unused;
}

TEST(unfinished_oldest, "a sender sleeps, and the oldest item is not there yet")
{
    int item;
    pthread_t sender;
    queue = queue_new(1, sizeof item);
    send_int(queue, 1);
    _Atomic uint64_t *stamp = (_Atomic uint64_t *)(void *)queue->ring.cells;
    CHECK_INT((long long)atomic_fetch_sub(stamp, 1), 1);
    CHECK(pthread_create(&sender, NULL, send_one, NULL) == 0);
    gate_pass(&about_to_send);
    while (!(atomic_load(&queue->ring.head) & RING_WAITED_FOR))
        usleep(100);
    CHECK(queue_receive_until(queue, &item, DEADLINE_NOW) == WAIT_TIMED_OUT);
    CHECK(queue_receive_until(queue, &item, deadline_in_ms(50)) ==
          WAIT_TIMED_OUT);
    atomic_fetch_add(stamp, 1);
    CHECK_INT(receive_int(queue), 1);
    CHECK_INT(receive_int(queue), 2);
    CHECK(pthread_join(sender, NULL) == 0);
    queue_free(&queue);
}
