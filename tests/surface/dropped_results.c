// Each call here drops a result that must be looked at.

#include "future.h"

void drop_results(Future *future)
{
    Value value;
    size_t index;
    future_await(future);
    future_await_until(future, &value, DEADLINE_NOW);
    future_await_all(&future, 1, NULL);
    future_await_all_until(&future, 1, NULL, &value, DEADLINE_NOW);
    future_await_any(&future, 1, &index);
    future_await_any_until(&future, 1, &value, &index, DEADLINE_NOW);
}
