// printf and its relatives, with a parser for the format.
//
// They read memory of the program inside the C library: the format itself, and
// each argument of a %s. Without this file a thread could print a text while
// another thread writes to it, and the data race would go unnoticed.

#define _GNU_SOURCE
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wrap.h"

// A va_list may be an array type, which a function would get as a pointer to
// its first element. In a struct it is passed on by address like any other
// type.
typedef struct Arguments {
    va_list list;
} Arguments;

// A conversion specification (C11 7.21.6.1), the part after a "%": "-8.3ld".
typedef struct Conversion {
    long precision;  // -1: there is none
    bool is_long, is_long_double;
    char letter;
} Conversion;

// A width or a precision: digits, or an argument.
static long take_number(const char **at, Arguments *arguments)
{
    if (**at != '*')
        return strtol(*at, (char **)at, 10);
    ++*at;
    return va_arg(arguments->list, int);
}

static Conversion take_conversion(const char **at, Arguments *arguments)
{
    Conversion taken = { .precision = -1 };
    *at += strspn(*at, "-+ #0'");
    take_number(at, arguments);
    if (**at == '.') {
        ++*at;
        taken.precision = take_number(at, arguments);
    }
    for (; **at != '\0' && strchr("hlLqjzt", **at) != NULL; ++*at) {
        taken.is_long |= **at != 'h';
        taken.is_long_double |= **at == 'L';
    }
    taken.letter = **at;
    return taken;
}

// Takes the argument of a conversion, with the type that its letter and length
// modifier demand: another type would leave the list at a wrong place. Returns
// false for a conversion that this parser does not know.
static bool take_argument(const Conversion *of, Arguments *arguments,
                          const void *place)
{
    if (of->letter == '\0')
        return false;
    if (strchr("%m", of->letter) != NULL)
        return true;
    bool is_integer = strchr("diouxXc", of->letter) != NULL;
    bool is_floating = strchr("aAeEfFgG", of->letter) != NULL;
    if (is_integer && of->is_long)
        (void)va_arg(arguments->list, long);
    else if (is_integer)
        (void)va_arg(arguments->list, int);
    else if (is_floating && of->is_long_double)
        (void)va_arg(arguments->list, long double);
    else if (is_floating)
        (void)va_arg(arguments->list, double);
    else if (of->letter == 'p')
        (void)va_arg(arguments->list, void *);
    else if (of->letter == 's' && !of->is_long)
        note_text(va_arg(arguments->list, const char *),
                  of->precision < 0 ? WHOLE : (size_t)of->precision, place);
    else
        return false;
    return true;
}

// Notes the format and all texts that it prints. An unknown conversion, such as
// %2$s, may have any argument, so the parser stops there: the rest is not
// noted.
static void note_format(const char *format, va_list list, const void *place)
{
    Arguments arguments;
    va_copy(arguments.list, list);
    note_text(format, WHOLE, place);
    const char *at = format;
    bool known = true;
    while (known && (at = strchr(at, '%')) != NULL) {
        at++;
        Conversion conversion = take_conversion(&at, &arguments);
        known = take_argument(&conversion, &arguments, place);
        at += known;
    }
    va_end(arguments.list);
}

static int print_to(FILE *file, const char *format, va_list list,
                    const void *place)
{
    note_format(format, list, place);
    return vfprintf(file, format, list);
}

int WRAP(vfprintf)(FILE *file, const char *format, va_list list)
{
    return print_to(file, format, list, CALLER);
}

int WRAP(vprintf)(const char *format, va_list list)
{
    return print_to(stdout, format, list, CALLER);
}

int WRAP(fprintf)(FILE *file, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int length = print_to(file, format, list, CALLER);
    va_end(list);
    return length;
}

int WRAP(printf)(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int length = print_to(stdout, format, list, CALLER);
    va_end(list);
    return length;
}

// vsnprintf writes at most `size` bytes but returns the length of the whole
// text (C11 7.21.6.12): the smaller of the two counts as written.
static int print_into(char *to, size_t size, const char *format, va_list list,
                      const void *place)
{
    note_format(format, list, place);
    int length = vsnprintf(to, size, format, list);
    if (length >= 0)
        note_write(to, (size_t)length < size ? (size_t)length + 1 : size,
                   place);
    return length;
}

int WRAP(vsnprintf)(char *to, size_t size, const char *format, va_list list)
{
    return print_into(to, size, format, list, CALLER);
}

int WRAP(snprintf)(char *to, size_t size, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int length = print_into(to, size, format, list, CALLER);
    va_end(list);
    return length;
}

int WRAP(sprintf)(char *to, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    note_format(format, list, CALLER);
    int length = vsprintf(to, format, list);
    va_end(list);
    if (length >= 0)
        note_write(to, (size_t)length + 1, CALLER);
    return length;
}
