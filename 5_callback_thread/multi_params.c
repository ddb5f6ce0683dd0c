#include <stdbool.h>
#include <stdio.h>

#include "future.h"

typedef struct Object {
    char nothing;  // C has no empty struct
} Object;

typedef struct Params {
    int a;
    Object b;
    bool c;
} Params;

// JavaScript asks at run time, C when it compiles.
// clang-format off
#define TYPEOF(x) \
    _Generic((x), int: "number", Object: "object", bool: "boolean")
// clang-format on

static void print_params(Task *self)
{
    const Params *p = self->args;
    printf("a %d %s\n", p->a, TYPEOF(p->a));
    printf("b {} %s\n", TYPEOF(p->b));
    printf("c %s %s\n", p->c ? "true" : "false", TYPEOF(p->c));
}

int main(void)
{
    Params params = { .a = 1, .b = { 0 }, .c = true };
    Future *future = future_start(print_params, &params, sizeof params);

    Value value = future_await(future);
    if (value.type == VALUE_ERROR)
        printf("%s\n", value.text);

    future_join(&future);
}
