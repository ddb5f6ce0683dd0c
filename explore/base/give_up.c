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
