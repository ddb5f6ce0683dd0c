// The promise of call_site.h: what is noted is the call that the thread is in.
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "gate.h"
#include "pool.h"
#include "queue.h"
#include "shared_map.h"
#include "test.h"
#include "worker_threads.h"

// Checks that the thread is in this call, which begins so.
static void check_in(const char *call)
{
    const char *place = common_called_from;
    CHECK(place != NULL);
    const char *text = strchr(place, '\0') + 1;
    if (strncmp(text, call, strlen(call)) != 0)
        CHECK_TEXT(text, call);
}

static Queue *queue;
static SharedMap *map;

static void make(void)
{
    queue = queue_new(4, sizeof(int));
    map = shared_map_new();
    shared_map_set_int(map, "n", 1);
}

static void end(void)
{
    queue_free(&queue);
    shared_map_free(&map);
}

TEST(none, "a thread outside of all calls is in none")
{
    CHECK(common_called_from == NULL);
    make();
    CHECK(common_called_from == NULL);
    CHECK_INT((long long)(queue_size(queue) + queue_capacity(queue)), 4);
    CHECK(common_called_from == NULL);
    end();
    CHECK(common_called_from == NULL);
}

// A visit and a change look from inside of a call.

static void visit(const MapEntry *entry, void *context)
{
    (void)entry;
    check_in("shared_map_for_each(map, visit, ");
    *(int *)context += (int)queue_size(queue);
    check_in("shared_map_for_each(map, visit, ");
}

static bool change(Value *value, void *context)
{
    (void)value;
    check_in("shared_map_update(map, \"n\", change, ");
    *(int *)context += (int)queue_capacity(queue);
    check_in("shared_map_update(map, \"n\", change, ");
    return false;
}

TEST(callback, "a callback's own calls leave the note as it was")
{
    int sum = 0;
    make();
    shared_map_for_each(map, visit, &sum);
    CHECK(shared_map_update(map, "n", change, &sum) == SHARED_MAP_DIFFERS);
    CHECK_INT(sum, 4);
    end();
}

TEST(arguments, "a call in the arguments of another leaves the note as it was")
{
    int sums[10] = { 0 };
    make();
    shared_map_for_each(map, visit, &sums[queue_size(queue)]);
    shared_map_for_each(map, visit, (queue_send(queue, sums), &sums[1]));
    shared_map_update(map, "n", change,
                      &sums[queue_size(queue) + queue_capacity(queue)]);
    CHECK_INT(sums[1], 1);
    CHECK_INT(sums[5], 4);
    end();
}

static void on_signal(int signal)
{
    (void)signal;
    queue_capacity(queue);
}

static void raise_signal(const MapEntry *entry, void *context)
{
    (void)entry;
    (void)context;
    raise(SIGUSR1);
    check_in("shared_map_for_each(map, raise_signal, NULL)");
}

TEST(handler, "a signal handler's calls leave the note as it was")
{
    make();
    signal(SIGUSR1, on_signal);
    shared_map_for_each(map, raise_signal, NULL);
    end();
}

// Helping: the pool's only thread waits at the gate.

static Gate begun, gate;

static void wait_at_gate(Task *self)
{
    (void)self;
    gate_open(&begun);
    gate_pass(&gate);
}

static void look(Task *self)
{
    task_return(self, value_int((long long)queue_capacity(queue)));
    check_in("future_await(helped)");
}

TEST(helped, "a task that a call runs leaves the note as it was")
{
    make();
    Pool *pool = pool_new(1);
    Future *waits = pool_start(pool, wait_at_gate, NULL, 0);
    gate_pass(&begun);
    Future *helped = pool_start(pool, look, NULL, 0);
    CHECK_INT(future_await(helped).integer, 4);
    gate_open(&gate);
    future_join_all((Future *[]){ waits, helped }, 2);
    pool_join(&pool);
    end();
}

// Addresses that a call keeps.

typedef struct Numbers {
    int at[64];
} Numbers;

static void add_numbers(WorkerContext *self)
{
    Message msg;
    port_receive(self->parent_port, &msg);
    const Numbers *numbers = self->worker_data;
    int sum = 0;
    for (int i = 0; i < 64; i++)
        sum += numbers->at[i];
    worker_exit(self, sum);
}

// The compiler may use the memory of a block that has ended.
static int scribble(Worker *worker)
{
    volatile Numbers numbers;
    for (int i = 0; i < 64; i++)
        numbers.at[i] = 1;
    port_post(worker->port, "begin");
    return numbers.at[7];
}

TEST(kept, "an object that is written as an argument lives on after the call")
{
    Worker *workers[] = {
        worker_start(add_numbers, &(Numbers){ { 20, 20, 2 } }),
        worker_start_named("named", add_numbers, &(Numbers){ { 40, 3 } }),
    };
    CHECK_INT(scribble(workers[0]) + scribble(workers[1]), 2);
    CHECK_INT(worker_join(&workers[0]), 42);
    CHECK_INT(worker_join(&workers[1]), 43);
}
