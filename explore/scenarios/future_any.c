// future_await_any with one task that fails and one that returns: the result is
// the returned value, in whatever order they settle. If every task fails it is
// the error.
#include <string.h>

#include "check.h"
#include "future.h"

static void fail(Task *self)
{
    task_return_error(self, "no");
}

static void succeed(Task *self)
{
    task_return(self, value_int(1));
}

int main(void)
{
    Future *futures[] = { future_start(fail, NULL, 0),
                          future_start(succeed, NULL, 0) };
    size_t index = 7;
    CHECK(future_await_any(futures, 2, &index).integer == 1 && index == 1);
    Value error = future_await_any(futures, 1, &index);
    CHECK(error.type == VALUE_ERROR && strcmp(error.text, "no") == 0);
    CHECK(index == 1);  // none has returned
    future_join_all(futures, 2);
}
