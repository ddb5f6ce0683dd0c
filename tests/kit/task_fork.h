// Children of fork, for tests of futures and pools in them. The children use no
// gates, which are another part of the library: they look in a loop.

#ifndef TASK_FORK_H
#define TASK_FORK_H

#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fork_child.h"
#include "future.h"
#include "sanitizers.h"
#include "test.h"

enum { CHILD_DONE = 5 };  // the status of a child that came to its end

// Returns when the flag is set.
static inline void look_for(atomic_bool *flag)
{
    while (!atomic_load(flag))
        sched_yield();
}

// Waits for a child. Returns its exit status, or the negative number of the
// signal that has ended it: SIGALRM if it hung.
static inline int status_of(pid_t child)
{
    int status;
    CHECK(child > 0);
    CHECK_INT(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

// As fork, and the child has a deadline.
static inline pid_t fork_with_deadline(void)
{
    fflush(NULL);
    pid_t child = fork();
    if (child == 0)
        alarm(20);
    return child;
}

// Runs it in a child, which must come to its end.
static inline void in_child(void (*run)(void))
{
    pid_t child = fork_with_deadline();
    if (child == 0) {
        run();
        _exit(CHILD_DONE);
    }
    CHECK_INT(status_of(child), CHILD_DONE);
}

// A task that goes on in the child, and ends there.
static inline void fork_and_return(Task *self)
{
    pid_t child = fork_with_deadline();
    if (child > 0)
        task_return(self, value_int(status_of(child)));
}

// Tasks of the child's own.

static inline void return_seven(Task *self)
{
    task_return(self, value_int(7));
}

static inline void return_text(Task *self)
{
    task_return(self, value_text("seven"));
}

static inline void check_own(void)
{
    for (int i = 0; i < 3; i++) {
        Future *future = future_start(return_seven, NULL, 0);
        CHECK_INT(future_await(future).integer, 7);
        future_join(&future);
    }
}

// Threads that slept in the parent are not there: their stacks are used again.
static inline void use_many_stacks(void)
{
    Future *futures[8];
    for (int i = 0; i < 8; i++)
        futures[i] = future_start(return_text, NULL, 0);
    future_join_all(futures, 8);
}

#endif
