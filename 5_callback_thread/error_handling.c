#include <stdio.h>

#include "future.h"

static void go_wrong(Task *self)
{
    task_return_error(self, "Thread Error: Something wrong!");
}

int main(void)
{
    Future *future = future_start(go_wrong, NULL, 0);

    Value value = future_await(future);
    if (value.type == VALUE_ERROR)
        printf("Error: %s\n", value.text);

    future_join(&future);
}
