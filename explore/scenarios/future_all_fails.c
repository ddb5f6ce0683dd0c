// future_await_all with one task that fails: the result is its error, and no
// value is set, even if the other task has returned first.
#include <string.h>

#include "check.h"
#include "future.h"

static void succeed(Task *self)
{
    task_return(self, value_int(1));
}

static void fail(Task *self)
{
    task_return_error(self, "%d: no", 2);
}

int main(void)
{
    Future *futures[] = { future_start(succeed, NULL, 0),
                          future_start(fail, NULL, 0) };
    Value values[2] = { value_none(), value_none() };
    Value error = future_await_all(futures, 2, values);
    CHECK(error.type == VALUE_ERROR && strcmp(error.text, "2: no") == 0);
    CHECK(values[0].type == VALUE_NONE && values[1].type == VALUE_NONE);
    future_join_all(futures, 2);
}
