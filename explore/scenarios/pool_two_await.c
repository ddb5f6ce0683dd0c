// Two threads await one task of a pool: one of them may run it, and both see
// the whole value.
#include <string.h>

#include "check.h"
#include "pool.h"

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
    Pool *pool = pool_new(1);
    future = pool_start(pool, greet, NULL, 0);
    TOGETHER(await, await);
    future_join(&future);
    pool_join(&pool);
}
