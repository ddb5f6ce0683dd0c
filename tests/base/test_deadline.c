// The promises of deadline.h.

#include <stdatomic.h>
#include <time.h>

#include "atomics.h"
#include "deadline.h"
#include "queue.h"
#include "test.h"
#include "worker_threads.h"

#define NS_IN_MS 1000000LL

TEST(passed, "negative and zero milliseconds from now have passed")
{
    long long passed[] = { 0, -1, -1000, -LLONG_MAX, LLONG_MIN };
    for (int i = 0; i < 5; i++)
        CHECK_INT(deadline_remaining_ns(deadline_in_ms(passed[i])), 0);
    CHECK_INT(deadline_remaining_ns(DEADLINE_NOW), 0);
    CHECK_INT(deadline_remaining_ns((Deadline){ -1 }), 0);
    CHECK_INT(deadline_remaining_ns((Deadline){ LLONG_MIN }), 0);
}

TEST(in_future, "what remains is never more than it was to begin with")
{
    long long spans[] = { 1, 1000, 60 * 1000, 1000LL * 100 * 365 * 24 * 3600 };
    for (int i = 0; i < 4; i++) {
        Deadline deadline = deadline_in_ms(spans[i]);
        long long before = spans[i] * NS_IN_MS;
        for (int looks = 0; looks < 100; looks++) {
            long long remaining = deadline_remaining_ns(deadline);
            CHECK(remaining >= 0 && remaining <= before);
            before = remaining;
        }
    }
}

TEST(thousandths, "milliseconds are thousandths of a second")
{
    // The machine would have to stand still for a minute to fail this.
    long long ns = deadline_remaining_ns(deadline_in_ms(120 * 1000));
    CHECK(ns > 60 * 1000 * NS_IN_MS);
}

TEST(never, "more milliseconds than can be counted are never")
{
    long long too_many[] = { LLONG_MAX, LLONG_MAX / 2, LLONG_MAX / NS_IN_MS };
    for (int i = 0; i < 3; i++) {
        Deadline deadline = deadline_in_ms(too_many[i]);
        CHECK_INT(deadline.ns, DEADLINE_NEVER.ns);
        CHECK_INT(deadline_remaining_ns(deadline), LLONG_MAX);
    }
}

TEST(runs_out, "a deadline passes, and then stays passed")
{
    Deadline deadline = deadline_in_ms(1);
    while (deadline_remaining_ns(deadline) > 0)
        test_let_others_run();
    CHECK_INT(deadline_remaining_ns(deadline), 0);
    CHECK_INT(deadline_remaining_ns(DEADLINE_NOW), 0);
    CHECK_INT(deadline_remaining_ns(DEADLINE_NEVER), LLONG_MAX);
}

TEST(later_is_later, "a later deadline does not pass before an earlier one")
{
    for (int i = 0; i < 100; i++) {
        Deadline early = deadline_in_ms(i);
        Deadline late = deadline_in_ms(i + 1);
        CHECK(early.ns < late.ns);
    }
}

TEST(sleeps, "who waits for a deadline takes no processor time")
{
    Queue *queue = queue_new(0, 0);
    clock_t before = clock();
    CHECK_INT(queue_receive_until(queue, NULL, deadline_in_ms(200)),
              WAIT_TIMED_OUT);
    CHECK(clock() - before < CLOCKS_PER_SEC / 10);
    queue_free(&queue);
}

typedef struct Pestering {
    _Atomic int32_t word;
    atomic_bool enough;
} Pestering;

static void pester(WorkerContext *self)
{
    Pestering *pestering = self->worker_data;
    while (!atomic_load(&pestering->enough)) {
        atomics_notify(&pestering->word, 1);
        test_let_others_run();
    }
}

TEST(loop_of_waits, "a loop of waits ends, though each is cut short")
{
    Pestering pestering = { 0 };
    Worker *worker = worker_start(pester, &pestering);
    Deadline deadline = deadline_in_ms(100);  // several times as long as a turn
    while (atomics_wait_until(&pestering.word, 0, deadline) == WAIT_OK)
        CHECK_INT(pestering.word, 0);
    CHECK_INT(deadline_remaining_ns(deadline), 0);
    atomic_store(&pestering.enough, true);
    worker_join(&worker);
}

static void send_now_and_then(WorkerContext *self)
{
    while (queue_send(self->worker_data, NULL))
        test_let_others_run();
}

TEST(loop_of_receives, "a loop of receives ends, though items keep coming")
{
    Queue *queue = queue_new(0, 0);
    Worker *worker = worker_start(send_now_and_then, queue);
    Deadline deadline = deadline_in_ms(100);
    WaitResult result;
    do
        result = queue_receive_until(queue, NULL, deadline);
    while (result == WAIT_OK);
    CHECK_INT(result, WAIT_TIMED_OUT);
    CHECK_INT(deadline_remaining_ns(deadline), 0);
    queue_close(queue);
    worker_join(&worker);
    queue_free(&queue);
}
