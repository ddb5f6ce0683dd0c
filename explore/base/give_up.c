// The end of the tool, when it cannot explore the program: exit status 2.
//
// The program's stdout and stderr are redirected while it runs (output.c). So
// the function registered here restores them before the message is printed, and
// _exit skips the C library's own functions for an exit.

#include "give_up.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

static void (*first)(void);

void give_up_calls_first(void (*function)(void))
{
    first = function;
}

_Noreturn void give_up(const char *format, ...)
{
    if (first != NULL)
        first();
    fputs("explore: ", stderr);
    va_list args;
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputs("\n", stderr);
    fflush(NULL);
    _exit(2);
}
