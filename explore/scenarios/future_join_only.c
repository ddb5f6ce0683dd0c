// A join without an await waits for the end of the task, which comes later than
// its value. So all the task has done happens before the return of the join.
#include "check.h"
#include "future.h"

static int done;  // no lock: the join orders it

static void settle_and_go_on(Task *self)
{
    task_return(self, value_int(1));
    done++;
}

int main(void)
{
    Future *first = future_start(settle_and_go_on, NULL, 0);
    future_join(&first);
    CHECK(done == 1);
    Future *second = future_start(settle_and_go_on, NULL, 0);
    future_join(&second);
    CHECK(done == 2);
}
