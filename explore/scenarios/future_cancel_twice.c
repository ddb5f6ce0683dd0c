// Two threads cancel a future while its task may begin: at most one of the
// three wins, which an atomic read-modify-write decides. After a cancel the
// task never runs.
#include "check.h"
#include "future.h"

static Future *future;
static int runs;
static bool left, right;

static void run(Task *self)
{
    runs++;
    task_return(self, value_int(1));
}

static void cancel_left(void)
{
    left = future_cancel(future);
}

static void cancel_right(void)
{
    right = future_cancel(future);
}

int main(void)
{
    future = future_start(run, NULL, 0);
    TOGETHER(cancel_left, cancel_right);
    CHECK(!(left && right));
    CHECK((future_await(future).type == VALUE_ERROR) == (left || right));
    future_join(&future);
    CHECK(runs == !(left || right));
}
