// Fibers: the threads of the explored program, as stacks between which explore
// switches. Only one runs at a time, and only explore decides which.

#ifndef FIBER_H
#define FIBER_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>

enum { FIBER_STACK = 256 * 1024 };

typedef struct Fiber {
    jmp_buf context;
    void (*run)(void);  // the first function; NULL once it has begun
    char *stack;        // FIBER_STACK bytes, owned by the caller; NULL is the
                        // stack of the process
    char *deepest;      // the lowest address in use at the last switch away
} Fiber;

// Prepares a fiber which calls run when it is first switched to. run never
// returns. A fiber that used this stack before is gone without a trace.
void fiber_init(Fiber *fiber, char *stack, void (*run)(void));

// Leaves the fiber `from` and goes on with `to`. Returns when another fiber
// switches to `from`.
void fiber_switch(Fiber *from, Fiber *to);

#endif
