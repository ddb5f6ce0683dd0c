#include <stdio.h>
#include <time.h>

#include "future.h"

static void take_a_while(Task *self)
{
    // The work. No thread waits by sleeping: main awaits the future.
    nanosleep(&(struct timespec){ .tv_nsec = 300 * 1000 * 1000 }, NULL);
    task_return(self, value_text("Done!"));
}

int main(void)
{
    Future *future = future_start(take_a_while, NULL, 0);

    Value value = future_await(future);
    printf("%s\n", value.text);

    future_join(&future);
}
