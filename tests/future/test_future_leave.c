// When a future may be freed: when the last thread has left it.

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "future/future_internal.h"
#include "os/os.h"
#include "test.h"

static void return_one(Task *self)
{
    task_return(self, value_int(1));
}

static atomic_bool joined;

static void *join_it(void *arg)
{
    Future *future = arg;
    future_join(&future);
    atomic_store(&joined, true);
    return NULL;
}

// As when one thread cancels it and another comes to run it.
TEST(two_leave, "who joins waits for all that still have to do with a future")
{
    enum { LEAVING = 3 };
    Future *future = future_new(return_one, NULL, 0);
    atomic_fetch_add(&future->state, (LEAVING - 1) * RUNNER);
    CHECK(future_begin(future, 0));
    future_run(future);
    pthread_t thread;
    CHECK_INT(pthread_create(&thread, NULL, join_it, future), 0);
    while (!(atomic_load(&future->state) & JOINED))
        sched_yield();
    for (int i = 0; i < LEAVING; i++) {
        test_let_others_run();
        CHECK(!atomic_load(&joined));
        future_leave(future);
    }
    CHECK_INT(pthread_join(thread, NULL), 0);
    CHECK(atomic_load(&joined));
}
