// Items that take long to copy, so that much can happen meanwhile.

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "queue/queue_internal.h"
#include "queue_checks.h"

// All bytes of an item are the same, or it was torn.
enum { HUGE_ITEM = 1 << 18, ROUNDS = 500 };

// A call with a deadline that passes just when the other thread comes.
typedef struct Late {
    Queue *queue, *other;
    bool sends, selects;
    _Atomic long long deadline_ns;  // 0: it does not wait yet
    atomic_int come;
    WaitResult result;
} Late;

static WaitResult wait_until_late(Late *late, void *item)
{
    QueueCase cases[2];
    size_t chosen = 2;
    Deadline deadline = in_ns(20 * 1000);
    atomic_store(&late->deadline_ns, deadline.ns);
    for (int i = 0; i < 2; i++) {
        Queue *queue = i == 0 ? late->queue : late->other;
        cases[i] = late->sends ? sending(queue, item) : receiving(queue, item);
    }
    if (late->selects)
        return queue_select_until(cases, 2, &chosen, deadline);
    return late->sends ? queue_send_until(late->queue, item, deadline)
                       : queue_receive_until(late->queue, item, deadline);
}

static void check_bytes(const unsigned char *item, int byte)
{
    CHECK_INT(item[0], byte);
    CHECK(memcmp(item, item + 1, HUGE_ITEM - 1) == 0);
}

static void be_late(WorkerContext *self)
{
    Late *late = self->worker_data;
    unsigned char *item = must_malloc(HUGE_ITEM);
    for (int i = 0; i < test_rounds(ROUNDS); i++) {
        memset(item, late->sends ? i % 100 : 100, HUGE_ITEM);
        meet(&late->come, 2, 2 * i);
        late->result = wait_until_late(late, item);
        bool mine = late->sends || late->result == WAIT_OK;
        check_bytes(item, mine ? i % 100 : 100);
        meet(&late->come, 2, 2 * i + 1);
    }
    free(item);
}

static void meet_late(Late *late, unsigned char *item, int round, int *after_ns)
{
    memset(item, late->sends ? 100 : round % 100, HUGE_ITEM);
    atomic_store(&late->deadline_ns, 0);
    meet(&late->come, 2, 2 * round);
    long long ns;
    while ((ns = atomic_load(&late->deadline_ns)) == 0)
        sched_yield();
    while (deadline_remaining_ns((Deadline){ ns + *after_ns }) > 0)
        continue;
    WaitResult result =
        late->sends ? queue_receive_until(late->queue, item, DEADLINE_NOW)
                    : queue_send_until(late->queue, item, DEADLINE_NOW);
    bool mine = !late->sends || result == WAIT_OK;
    check_bytes(item, mine ? round % 100 : 100);
    meet(&late->come, 2, 2 * round + 1);
    CHECK_INT(result, late->result);
    *after_ns += result == WAIT_OK ? 1000 : -1000;
    if (*after_ns < 0 || *after_ns > 200 * 1000)
        *after_ns = 60 * 1000;  // lost it, on a busy machine
}

// A sleeper wakes a little after its deadline, and until then it can still be
// served: we feel our way to that moment.
static void come_late(bool sends, bool selects)
{
    Late late = { .queue = queue_new(0, HUGE_ITEM),
                  .other = queue_new(0, HUGE_ITEM),
                  .sends = sends,
                  .selects = selects };
    unsigned char *item = must_malloc(HUGE_ITEM);
    int after_ns = 60 * 1000;
    Worker *worker = worker_start(be_late, &late);
    for (int i = 0; i < test_rounds(ROUNDS); i++)
        meet_late(&late, item, i, &after_ns);
    worker_join(&worker);
    queue_free(&late.queue);
    queue_free(&late.other);
    free(item);
}

TEST(late_receive, "a receive that times out got nothing, however late it is")
{
    come_late(false, false);
}

TEST(late_send, "a send that times out sent nothing, however late it is")
{
    come_late(true, false);
}

TEST(late_select, "nor did a select that times out, of either kind")
{
    come_late(false, true);
    come_late(true, true);
}

// A sender sleeps before the item that came before its own is stored whole.
typedef struct Slow {
    Queue *queue;
    atomic_int come;
} Slow;

static void send_slowly(WorkerContext *self)
{
    Slow *slow = self->worker_data;
    void *item = calloc(1, HUGE_ITEM);
    for (int i = 0; i < test_rounds(ROUNDS); i++) {
        meet(&slow->come, 3, i);
        CHECK(queue_send(slow->queue, item));
    }
    free(item);
}

static void send_second(WorkerContext *self)
{
    Slow *slow = self->worker_data;
    unsigned char *item = must_malloc(HUGE_ITEM);
    memset(item, 1, HUGE_ITEM);
    for (int i = 0; i < test_rounds(ROUNDS); i++) {
        meet(&slow->come, 3, i);
        while (ring_stored(&slow->queue->ring) == 0)
            sched_yield();
        CHECK(queue_send(slow->queue, item));
    }
    free(item);
}

TEST(slow_copy, "who takes an item for a sleeper's waits until it is whole")
{
    Slow slow = { .queue = queue_new(1, HUGE_ITEM) };
    unsigned char *item = must_malloc(HUGE_ITEM);
    Worker *first = worker_start(send_slowly, &slow);
    Worker *second = worker_start(send_second, &slow);
    for (int i = 0; i < test_rounds(ROUNDS); i++) {
        memset(item, 2, HUGE_ITEM);
        meet(&slow.come, 3, i);
        while (!(atomic_load(&slow.queue->ring.head) & RING_WAITED_FOR))
            sched_yield();  // the second does not sleep yet
        CHECK(queue_receive(slow.queue, item));
        check_bytes(item, 0);
        CHECK(queue_receive(slow.queue, item));
        check_bytes(item, 1);
    }
    worker_join(&first);
    worker_join(&second);
    queue_free(&slow.queue);
    free(item);
}
