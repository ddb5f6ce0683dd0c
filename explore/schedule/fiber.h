// Threads of the explored program, as stacks between which we switch: only
// one runs at a time, and only when we say so.

#ifndef FIBER_H
#define FIBER_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>

enum { FIBER_STACK = 256 * 1024 };

typedef struct Fiber {
    jmp_buf context;
    void (*run)(void);  // until it was first switched to
    char *stack;        // FIBER_STACK bytes, the caller's; NULL is our own
    char *deepest;      // how far down the stack was used when it was left
} Fiber;

// Prepares a fiber which calls run when it is first switched to. run never
// returns. Whatever ran on that stack before is forgotten.
void fiber_init(Fiber *fiber, char *stack, void (*run)(void));

// Goes on with one fiber and leaves another, until somebody switches back.
void fiber_switch(Fiber *from, Fiber *to);

#endif
