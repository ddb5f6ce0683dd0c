// An await gives up at its deadline while the task settles: the next await gets
// the value. The settling thread must not wake the waiter that has left, as
// its memory is gone.
#include "check.h"
#include "future.h"

static void run(Task *self)
{
    task_return(self, value_int(5));
}

int main(void)
{
    Future *future = future_start(run, NULL, 0);
    Value value = value_none();
    WaitResult result = future_await_until(future, &value, deadline_in_ms(1));
    CHECK(result != WAIT_CLOSED);
    CHECK(value_equal(value, result == WAIT_OK ? value_int(5) : value_none()));
    CHECK(value_equal(future_await(future), value_int(5)));
    future_join(&future);
}
