// Which threads tasks run in, and how many of these threads have ended.

#ifndef TASK_THREADS_H
#define TASK_THREADS_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/die.h"
#include "future.h"
#include "gate.h"
#include "os/os.h"
#include "test.h"

static inline void return_thread_number(Task *self)
{
    task_return(self, value_int((long long)thread_number()));
}

static inline long long number_of_thread_used(void)
{
    Future *future = future_start(return_thread_number, NULL, 0);
    long long number = future_await(future).integer;
    future_join(&future);
    return number;
}

static atomic_int expected, met;
static Gate all_met;

static inline void meet_all(Task *self)
{
    return_thread_number(self);
    gate_meet(&all_met, &met, atomic_load(&expected));
}

// Tasks that start tasks, ten deep.
static inline void start_inner(Task *self)
{
    const int *depth = self->args;
    if (*depth > 0) {
        int next = *depth - 1;
        Future *inner = future_start(start_inner, &next, sizeof next);
        CHECK_INT(future_await(inner).integer, next);
        future_join(&inner);
    }
    task_return(self, value_int(*depth));
}

static inline void check_nested(void)
{
    int depth = 10;
    Future *future = future_start(start_inner, &depth, sizeof depth);
    CHECK_INT(future_await(future).integer, depth);
    future_join(&future);
}

// The ends of threads are counted.

static pthread_key_t at_end;
static atomic_int ended;
static Gate three_ended;

static inline void count_end(void *unused)
{
    (void)unused;
    if (atomic_fetch_add(&ended, 1) + 1 == 3)
        gate_open(&three_ended);
}

static inline void meet_and_note_end(Task *self)
{
    must(pthread_setspecific(at_end, &ended));
    meet_all(self);
}

static inline void leave_three_threads(void)
{
    Future *futures[3];
    must(pthread_key_create(&at_end, count_end));
    atomic_store(&expected, 3);
    for (int i = 0; i < 3; i++)
        futures[i] = future_start(meet_and_note_end, NULL, 0);
    future_join_all(futures, 3);
}

static inline void exit_thread(Task *self)
{
    must(pthread_setspecific(at_end, &ended));
    task_return(self, value_int((long long)thread_number()));
    pthread_exit(NULL);
}

#endif
