// The program ends while a task may still run and an idle thread is cached:
// exit does not wait for the task, and ends the cached threads.
#include "check.h"
#include "future.h"

static Future *abandoned;

static void run(Task *self)
{
    task_return(self, value_int(1));
}

int main(void)
{
    Future *first = future_start(run, NULL, 0);
    future_join(&first);
    abandoned = future_start(run, NULL, 0);
}
