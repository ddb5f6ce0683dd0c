// On a machine of one core, or one that does not say how many it has, nothing
// spins: the thread that a spinning one waits for could not run. This program
// brings its own os_process.c, which is told that there is no answer, so the
// library's is left out.

#ifndef _GNU_SOURCE
#define _GNU_SOURCE  // as os_process.c itself has it, before all that it
                     // includes
#endif
#include <unistd.h>

static long no_answer(int name)
{
    (void)name;
    return -1;
}

#define sysconf(name) no_answer(name)
#include "os/os_process.c"
#undef sysconf

#include "future.h"
#include "pool.h"
#include "queue_checks.h"

TEST(one, "a machine that does not say counts as one core")
{
    CHECK_INT((long long)thread_cores(), 1);
    CHECK_INT((long long)thread_cores(), 1);
}

TEST(no_pauses, "on one core a spin is no pause, but lets others run at once")
{
    SpinHabit habit = { 0 };
    int looks = 0;
    Spin spin = spin_start(&habit);
    while (spin_once(&spin))
        looks++;
    spin_end(&spin);
    SpinHabit other = { 0 };
    Spin patient = spin_start(&other);
    patient.patient = true;
    while (spin_once(&patient))
        looks--;
    CHECK_INT(looks, 0);  // none of both has paused
    CHECK(atomic_load(&habit.in_vain) == 1);
}

static void send_back(WorkerContext *self)
{
    Queue **queues = self->worker_data;
    int item;
    while (queue_receive(queues[0], &item))
        send_int(queues[1], item + 1);
}

static void check_ping_pong(size_t capacity)
{
    Queue *queues[] = { queue_new(capacity, sizeof(int)),
                        queue_new(capacity, sizeof(int)) };
    Worker *worker = worker_start(send_back, queues);
    for (int i = 0; i < 1000; i++) {
        send_int(queues[0], i);
        CHECK_INT(receive_int(queues[1]), i + 1);
    }
    queue_close(queues[0]);
    worker_join(&worker);
    queue_free(&queues[0]);
    queue_free(&queues[1]);
}

TEST(queues, "queues work as on many cores")
{
    check_ping_pong(0);
    check_ping_pong(1);
    check_ping_pong(10);
}

static void return_number(Task *self)
{
    task_return(self, value_int(*(const int *)self->args));
}

TEST(a_pool, "a pool has one thread, and works")
{
    Pool *pool = pool_new(0);
    Future *futures[100];
    for (int i = 0; i < 100; i++)
        futures[i] = pool_start(pool, return_number, &i, sizeof i);
    for (int i = 0; i < 100; i++)
        CHECK_INT(future_await(futures[i]).integer, i);
    future_join_all(futures, 100);
    pool_join(&pool);
}
