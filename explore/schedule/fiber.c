// Fibers (user-level threads, coroutines): several stacks in one kernel thread,
// switched with setjmp and longjmp.
//
// The explored program never runs in parallel. So the checker's own data need
// no lock, and a switch makes no system call: with kernel threads each would be
// a futex and a trip through the kernel's scheduler. The invariant: each fiber
// except the running one is inside fiber_switch, or has not begun.

#include "fiber.h"

#include <ucontext.h>

void fiber_init(Fiber *fiber, char *stack, void (*run)(void))
{
    *fiber = (Fiber){ .run = run, .stack = stack, .deepest = stack };
}

// C has no way to begin on another stack, so setcontext enters a new one. All
// other switches are jumps: swapcontext would save the signal mask, and that is
// a system call for each switch.
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

// Stacks grow down. Memory below `deepest` belongs to functions that have
// returned, which is how a use after return is detected (memory_is_left).
void fiber_switch(Fiber *from, Fiber *to)
{
    from->deepest = __builtin_frame_address(0);
    if (_setjmp(from->context) != 0)
        return;
    if (to->run != NULL)
        enter(to);
    _longjmp(to->context, 1);
}
