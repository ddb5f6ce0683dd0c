// Tests of what a child of fork can do with what its parent's threads share. A
// child has a deadline of its own: a child that hangs ends by a signal.

#ifndef FORK_CHILD_H
#define FORK_CHILD_H

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sanitizers.h"
#include "test.h"

enum { CHILD_SECONDS = 30, CHILD_IS_WELL = 5 };

// Runs the function in a child, and checks that it comes back there. The child
// ends without handlers of exit.
static inline void check_in_child(void (*run)(void))
{
    fflush(NULL);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        alarm(CHILD_SECONDS);
        run();
        _Exit(CHILD_IS_WELL);
    }
    int status;
    CHECK_INT(waitpid(child, &status, 0), child);
    CHECK_INT(WIFSIGNALED(status) ? WTERMSIG(status) : 0, 0);
    CHECK_INT(WEXITSTATUS(status), CHILD_IS_WELL);
}

// For tests that fork while other threads are busy, and of exit in a handler.
static inline void sanitizer_must_not_lock(void)
{
    if (ADDRESS_SANITIZER)
        test_skip("AddressSanitizer's own locks may stay taken then");
}

// For tests whose children start threads, or end one.
static inline void children_must_have_threads(void)
{
    const char *emulator = getenv("RUNNER");
    if (emulator && *emulator)  // qemu 7.2 dies of it
        test_skip("a child process cannot start threads in this emulator");
    if (THREAD_SANITIZER)
        test_skip("ThreadSanitizer does not support this");
    sanitizer_must_not_lock();
}

#endif
