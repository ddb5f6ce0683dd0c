// Cancel against start: exactly one of the two wins. Either the task runs once
// and cancel returns false, or it never runs and its error says "cancelled".
#include <string.h>

#include "check.h"
#include "future.h"

static int runs;

static void run(Task *self)
{
    runs++;
    task_return(self, value_int(1));
}

int main(void)
{
    Future *future = future_start(run, NULL, 0);
    bool cancelled = future_cancel(future);
    Value value = future_await(future);
    if (cancelled)
        CHECK(value.type == VALUE_ERROR &&
              strcmp(value.text, "cancelled") == 0);
    else
        CHECK(value_equal(value, value_int(1)));
    future_join(&future);
    CHECK(runs == !cancelled);
}
