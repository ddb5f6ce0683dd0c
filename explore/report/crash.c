// Crashes of the explored program: a signal handler turns SIGSEGV, SIGBUS,
// SIGFPE and SIGILL into findings.
//
// The handler never returns: find() switches to the fiber outside of the run,
// and the next run begins. That is safe because the crashing code is the
// program's or called by it, and holds none of the checker's state. The handler
// has a stack of its own, since the fiber's may be the cause (stack overflow).

#define _GNU_SOURCE
#include "crash.h"

#include <execinfo.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>

#include "base/finding.h"
#include "schedule/thread.h"
#include "source_lines.h"

enum { DEPTH = 32 };

static const void *stopped_at(const ucontext_t *context)
{
#if defined(__x86_64__)
    return (const void *)(uintptr_t)context->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
    return (const void *)(uintptr_t)context->uc_mcontext.pc;
#endif
}

// The address of the program's call into the library code that crashed, or
// NULL. A return address lies behind the call, hence the - 1.
static const void *calling_place(void)
{
    void *calls[DEPTH];
    int count = backtrace(calls, DEPTH);
    for (int i = 0; i < count; i++)
        if (source_lines_has(calls[i]))
            return (const char *)calls[i] - 1;
    return NULL;
}

// SA_NODEFER below: the handler is left by a jump, so the kernel would
// otherwise keep the signal blocked, and the next crash would kill the process.
static void on_crash(int signal, siginfo_t *info, void *context)
{
    (void)info;
    if (self == NULL)
        _exit(3);
    const void *place = stopped_at(context);
    if (source_lines_has(place))
        find("crash", place, "%s crashes at @: %s.", self->name,
             strsignal(signal));
    find("crash", calling_place(), "%s crashes in a call made at @: %s.",
         self->name, strsignal(signal));
}

void crash_catch(void)
{
    static char stack[64 * 1024];
    sigaltstack(&(stack_t){ .ss_sp = stack, .ss_size = sizeof stack }, NULL);
    calling_place();  // the first time it loads a library
    struct sigaction action = { .sa_sigaction = on_crash,
                                .sa_flags =
                                    SA_SIGINFO | SA_ONSTACK | SA_NODEFER };
    const int crashes[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL };
    for (size_t i = 0; i < sizeof crashes / sizeof crashes[0]; i++)
        sigaction(crashes[i], &action, NULL);
}
