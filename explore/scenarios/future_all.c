// future_await_all gives both values in the order of the futures, whichever
// task settles first.
#include "check.h"
#include "future.h"

static void same(Task *self)
{
    task_return(self, value_int(*(const int *)self->args));
}

int main(void)
{
    Future *futures[] = { future_start(same, &(int){ 1 }, sizeof(int)),
                          future_start(same, &(int){ 2 }, sizeof(int)) };
    Value values[2];
    CHECK(future_await_all(futures, 2, values).type == VALUE_NONE);
    CHECK(values[0].integer == 1 && values[1].integer == 2);
    future_join_all(futures, 2);
}
