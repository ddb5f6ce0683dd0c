// One thread cancels a task that another joins: the canceller and the thread
// that was found for the task both leave the future, in either order, and then
// the join frees it. The task waits for the canceller, so that the future is
// there until cancel returns.
#include "atomics.h"
#include "check.h"
#include "future.h"

static Future *future;
static _Atomic int32_t may_end;

static void wait_for_canceller(Task *self)
{
    (void)self;
    while (atomic_load(&may_end) == 0)
        atomics_wait(&may_end, 0);
}

static void cancel(void)
{
    if (future_cancel(future))
        return;
    atomic_store(&may_end, 1);
    atomics_notify(&may_end, 1);
}

static void join(void)
{
    Future *mine = future;
    future_join(&mine);
}

int main(void)
{
    future = future_start(wait_for_canceller, NULL, 0);
    TOGETHER(cancel, join);
}
