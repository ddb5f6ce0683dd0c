// A task that calls pthread_exit settles its future nevertheless, and the next
// task gets another thread: the cache must not count on the lost one.
#include "check.h"
#include "future.h"

static void leave(Task *self)
{
    (void)self;
    pthread_exit(NULL);
}

static void run(Task *self)
{
    task_return(self, value_int(1));
}

int main(void)
{
    Future *left = future_start(leave, NULL, 0);
    CHECK(future_await(left).type == VALUE_NONE);
    future_join(&left);
    Future *next = future_start(run, NULL, 0);
    CHECK(future_await(next).integer == 1);
    future_join(&next);
}
