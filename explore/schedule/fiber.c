#include "fiber.h"

#include <ucontext.h>

void fiber_init(Fiber *fiber, char *stack, void (*run)(void))
{
    *fiber = (Fiber){ .run = run, .stack = stack, .deepest = stack };
}

// A fresh stack is entered once with setcontext. All other switches are
// jumps, which save no signal mask and so make no system call.
static void enter(Fiber *fiber)
{
    ucontext_t context;
    getcontext(&context);
    context.uc_stack.ss_sp = fiber->stack;
    context.uc_stack.ss_size = FIBER_STACK;
    context.uc_link = NULL;
    makecontext(&context, fiber->run, 0);
    fiber->run = NULL;
    setcontext(&context);
}

void fiber_switch(Fiber *from, Fiber *to)
{
    from->deepest = __builtin_frame_address(0);
    if (_setjmp(from->context) != 0)
        return;
    if (to->run != NULL)
        enter(to);
    _longjmp(to->context, 1);
}
