// future_await_any with a deadline, which may pass before either future
// settles. A chosen future has settled; after a time-out neither output is set.
// The other future is still the caller's to join.
#include "check.h"
#include "future.h"

static void same(Task *self)
{
    task_return(self, value_int(*(const int *)self->args));
}

int main(void)
{
    Future *futures[] = { future_start(same, &(int){ 0 }, sizeof(int)),
                          future_start(same, &(int){ 1 }, sizeof(int)) };
    size_t index = 7;
    Value value;
    WaitResult result =
        future_await_any_until(futures, 2, &value, &index, deadline_in_ms(1));
    if (result == WAIT_OK) {
        CHECK(index < 2 && value.integer == (long long)index);
        CHECK(future_await_until(futures[index], &value, DEADLINE_NOW) ==
              WAIT_OK);
        CHECK(value.integer == (long long)index);
    } else {
        CHECK(result == WAIT_TIMED_OUT && index == 7);
    }
    future_join_all(futures, 2);
}
