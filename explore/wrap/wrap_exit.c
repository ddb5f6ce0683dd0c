// How a program ends.

#include <stdio.h>
#include <stdlib.h>

#include "finding.h"
#include "program.h"
#include "thread.h"
#include "wrap.h"

enum { MAX_AT_EXIT = 64 };

static void (*at_exit[MAX_AT_EXIT])(void);
static int at_exit_count;

void program_start_exits(void)
{
    at_exit_count = 0;
}

int WRAP(atexit)(void (*run)(void))
{
    if (self == NULL || at_exit_count == MAX_AT_EXIT)
        return -1;
    at_exit[at_exit_count++] = run;
    return 0;
}

_Noreturn void WRAP(exit)(int status)
{
    while (at_exit_count > 0)
        at_exit[--at_exit_count]();
    find_exit(status);
}

_Noreturn void WRAP(_exit)(int status)
{
    find_exit(status);
}

_Noreturn void WRAP(_Exit)(int status)
{
    find_exit(status);
}

_Noreturn void WRAP(quick_exit)(int status)
{
    find_exit(status);
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
