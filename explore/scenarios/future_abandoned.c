// The program ends while a task may still run and its thread may be idle: exit
// waits for no task, and ends the threads that are kept.
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
