// The ways in which a program ends: exit and its relatives, abort, assert.
//
// None of them may end the process: it is the checker's, and the next run
// begins in it. Each ends only the run. abort and a failed assert are findings;
// exit is one if its status is not 0.

#include <stdio.h>
#include <stdlib.h>

#include "base/finding.h"
#include "model/at_exit.h"
#include "model/program.h"
#include "schedule/thread.h"
#include "wrap.h"

int WRAP(atexit)(void (*run)(void))
{
    return self != NULL && at_exit_add(run) ? 0 : -1;
}

_Noreturn void WRAP(exit)(int status)
{
    program_exit(status);
}

_Noreturn void WRAP(_exit)(int status)
{
    program_exit_at_once(status);
}

_Noreturn void WRAP(_Exit)(int status)
{
    program_exit_at_once(status);
}

_Noreturn void WRAP(quick_exit)(int status)
{
    program_exit_at_once(status);
}

_Noreturn void WRAP(abort)(void)
{
    find("abort", CALLER, "%s aborts at @.", self->name);
}

_Noreturn void WRAP(__assert_fail)(const char *assertion, const char *file,
                                   unsigned line, const char *function)
{
    (void)function;
    find("assertion", NULL, "%s:%u: assertion `%s' failed in %s.", file, line,
         assertion, self->name);
}
