// Shared by the tests of the queue.

#ifndef QUEUE_CHECKS_H
#define QUEUE_CHECKS_H

#include <sched.h>
#include <stdatomic.h>

#include "kit.h"
#include "queue_line.h"
#include "test.h"
#include "worker_threads.h"

// Returns when a thread waits for the queue, in its lists.
static inline void await_waiting(Queue *queue)
{
    while (last_in_line(queue, true) == NULL &&
           last_in_line(queue, false) == NULL)
        sched_yield();
}

// Items

static inline void send_int(Queue *queue, int item)
{
    CHECK(queue_send(queue, &item));
}

static inline int receive_int(Queue *queue)
{
    int item = -1;
    CHECK(queue_receive(queue, &item));
    return item;
}

static inline WaitResult try_send_int(Queue *queue, int item)
{
    return queue_send_until(queue, &item, DEADLINE_NOW);
}

// Fails unless the queue gives this result and leaves the item alone.
static inline void check_nothing(Queue *queue, WaitResult result)
{
    int item = -1;
    CHECK_INT(queue_receive_until(queue, &item, DEADLINE_NOW), result);
    CHECK_INT(item, -1);
}

// Holds 0, 1, 2 ...
static inline Queue *full_queue(int capacity)
{
    Queue *queue = queue_new((size_t)capacity, sizeof(int));
    for (int i = 0; i < capacity; i++)
        send_int(queue, i);
    return queue;
}

// Cases

static inline QueueCase sending(Queue *queue, const void *item)
{
    return (QueueCase){ .queue = queue, .send = item };
}

static inline QueueCase receiving(Queue *queue, void *item)
{
    return (QueueCase){ .queue = queue, .receive = item };
}

// Threads

static inline void start_all(Worker *workers[], int count,
                             void (*run)(WorkerContext *self), void *shared)
{
    for (int i = 0; i < count; i++)
        workers[i] = worker_start(run, shared);
}

static inline void join_all(Worker *workers[], int count)
{
    for (int i = 0; i < count; i++)
        worker_join(&workers[i]);
}

// One call in a thread of its own, and when that is joined, what came of it.
typedef struct Call {
    Queue *queue;
    Deadline deadline;
    int item;
    WaitResult result;
    atomic_bool done;
    Worker *worker;
} Call;

static inline void run_send(WorkerContext *self)
{
    Call *call = self->worker_data;
    call->result = queue_send_until(call->queue, &call->item, call->deadline);
    atomic_store(&call->done, true);
}

static inline void run_receive(WorkerContext *self)
{
    Call *call = self->worker_data;
    call->result =
        queue_receive_until(call->queue, &call->item, call->deadline);
    atomic_store(&call->done, true);
}

// Returns when it stands in the line, or is done. On a busy machine that takes
// its time; if another thread leaves the line meanwhile, this may return too
// early.
static inline void start_call(Call *call, bool sends)
{
    const void *before = last_in_line(call->queue, sends);
    call->worker = worker_start(sends ? run_send : run_receive, call);
    while (!atomic_load(&call->done) &&
           last_in_line(call->queue, sends) == before)
        sched_yield();
}

static inline void start_sending(Call *call, Queue *queue, int item,
                                 Deadline deadline)
{
    *call = (Call){ .queue = queue, .deadline = deadline, .item = item };
    start_call(call, true);
}

static inline void start_receiving(Call *call, Queue *queue, Deadline deadline)
{
    *call = (Call){ .queue = queue, .deadline = deadline, .item = -1 };
    start_call(call, false);
}

static inline void check_join(Call *call, WaitResult result, int item)
{
    worker_join(&call->worker);
    CHECK_INT(call->result, result);
    CHECK_INT(call->item, item);
}

// Runs what arranges threads in a certain order and says whether they were
// served in it. It may find that they came in another one, if the machine was
// busy: so one success will do. If the order is not kept, none succeeds.
static inline void check_order(bool (*run)(int variant), int variant)
{
    for (int i = 0; i < 100; i++)
        if (run(variant))
            return;
    CHECK(!"served in the order in which they came");
}

static inline Deadline in_ns(int ns)
{
    Deadline deadline = deadline_in_ms(1);
    deadline.ns -= 1000000 - ns;
    return deadline;
}

// From now to 63 microseconds from now: some meet, some just miss each other,
// some before they sleep and some when they wake.
static inline Deadline about_now(int round)
{
    return in_ns(round % 64 * 1000);
}

// The items received must be the items sent.
typedef struct Tally {
    long count;
    long long sum;
} Tally;

static inline void add(Tally *tally, long item)
{
    tally->count++;
    tally->sum += item;
}

static inline void add_tally(Tally *to, Tally tally)
{
    to->count += tally.count;
    to->sum += tally.sum;
}

static inline void check_equal(Tally received, Tally sent)
{
    CHECK_INT(received.count, sent.count);
    CHECK_INT(received.sum, sent.sum);
}

#endif
