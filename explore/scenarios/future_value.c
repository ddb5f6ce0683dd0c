// A task returns a value once, and has its own copy of the arguments. The
// second task runs in the cached thread of the first, or in a new one if that
// thread is not idle yet.
#include <string.h>

#include "check.h"
#include "future.h"

static void twice(Task *self)
{
    const int *number = self->args;
    task_return(self, value_int(2LL * *number));
    task_return_error(self, "this does not count any more");
}

static void greet(Task *self)
{
    char text[] = "hello";
    task_return(self, value_text(text));
    text[0] = 'j';
}

int main(void)
{
    int number = 21;
    Future *future = future_start(twice, &number, sizeof number);
    number = 0;
    CHECK(value_equal(future_await(future), value_int(42)));
    future_join(&future);

    future = future_start(greet, NULL, 0);
    CHECK(strcmp(future_await(future).text, "hello") == 0);
    future_join(&future);
}
