// No thread awaits the task, so only the pool's own thread can run it. That
// thread must see the task before it sleeps, or be woken: otherwise the wake-up
// is lost, and the program is a deadlock.
#include "check.h"
#include "os/os.h"
#include "pool.h"

static Waiter waiter;

static void wake(Task *self)
{
    (void)self;
    waiter_wake(&waiter);
}

int main(void)
{
    Pool *pool = pool_new(1);
    for (int i = 0; i < 2; i++) {
        Future *future = pool_start(pool, wake, NULL, 0);
        CHECK(waiter_sleep(&waiter, DEADLINE_NEVER));
        future_join(&future);
    }
    pool_join(&pool);
}
