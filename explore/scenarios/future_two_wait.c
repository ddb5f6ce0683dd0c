// Two threads await one future: the settling thread wakes both, and both see
// the whole value (release and acquire).
#include <string.h>

#include "check.h"
#include "future.h"

static Future *future;

static void greet(Task *self)
{
    task_return(self, value_text("hello"));
}

static void await(void)
{
    Value value = future_await(future);
    CHECK(value.type == VALUE_TEXT && value.size == 5);
    CHECK(strcmp(value.text, "hello") == 0);
}

int main(void)
{
    future = future_start(greet, NULL, 0);
    TOGETHER(await, await);
    future_join(&future);
}
