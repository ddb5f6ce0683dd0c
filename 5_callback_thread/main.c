#include <stdio.h>

#include "future.h"

typedef struct Power {
    int base, exponent;
} Power;

static void power(Task *self)
{
    const Power *p = self->args;
    long long result = 1;
    for (int i = 0; i < p->exponent; i++)
        result *= p->base;
    task_return(self, value_int(result));
}

int main(void)
{
    // Each runs in a thread of its own; main is not blocked.
    Future *futures[] = {
        future_start(power, &(Power){ 2, 10 }, sizeof(Power)),
        future_start(power, &(Power){ 3, 10 }, sizeof(Power)),
    };

    Value values[2];
    Value result = future_await_all(futures, 2, values);
    if (result.type == VALUE_ERROR)
        printf("%s\n", result.text);
    else
        printf("[ %lld, %lld ]\n", values[0].integer, values[1].integer);

    future_join_all(futures, 2);
}
