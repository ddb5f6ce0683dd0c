// How the library prints and ends a program, and the calls that end it when
// they fail. The place in front of the reason is the thread's last call into
// the library, which the macros of the public headers have noted (call_site.h).
#undef _GNU_SOURCE  // it would make another function of strerror_r
#if defined(__STRICT_ANSI__) && !defined(_POSIX_C_SOURCE)
#define _POSIX_C_SOURCE 200809L  // without it -std=c11 declares no strerror_r
#endif
#include "base.h"

#include <stdarg.h>

__thread const char *called_from;

// In this file, because every program with the library is linked with it.
// Before main, because a stream's buffering may only be set before its first
// output. A line that a thread prints appears at once, and whole: printf holds
// the stream's lock until the line is written.
#ifndef COMMON_QUIET
__attribute__((constructor)) static void print_lines_at_once(void)
{
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
}
#endif

void die(const char *format, ...)
{
    char reason[512];
    va_list args;
    va_start(args, format);
    vsnprintf(reason, sizeof reason, format, args);
    va_end(args);

    TRACED(died(reason));
    // _Exit flushes nothing, and runs no atexit handler that could wait.
    fflush(stdout);
    // One call, so that two dying threads do not mix their lines.
    fprintf(stderr, "%s: %s\n", called_from ? called_from : "common", reason);
    _Exit(EXIT_FAILURE);
}

const char *error_text(int error)
{
    static _Thread_local char text[128];
    if (strerror_r(error, text, sizeof text) != 0)
        snprintf(text, sizeof text, "error %d", error);
    return text;
}

void must_be_zero(int error, const char *call)
{
    if (error != 0)
        die("%s: %s", call, error_text(error));
}

size_t must_print(int length, const char *format)
{
    if (length < 0)
        die("printf cannot format \"%.200s\": %s", format, error_text(errno));
    return (size_t)length;
}

// A larger block is refused here: tools that watch malloc end the program.
static bool is_possible(size_t size)
{
    return size <= PTRDIFF_MAX;
}

// malloc(0) may give NULL, and that is no failure.
static void *checked(void *memory, size_t size)
{
    if (memory == NULL && size != 0)
        die("out of memory: %zu bytes were wanted", size);
    return memory;
}

void *must_malloc(size_t size)
{
    return checked(is_possible(size) ? malloc(size) : NULL, size);
}

void *must_calloc(size_t count, size_t size)
{
    size_t wanted;
    if (__builtin_mul_overflow(count, size, &wanted))
        wanted = SIZE_MAX;
    return checked(is_possible(wanted) ? calloc(count, size) : NULL, wanted);
}

void *must_realloc(void *memory, size_t size)
{
    return checked(is_possible(size) ? realloc(memory, size) : NULL, size);
}

// The address that calloc returned stands in front of the aligned one. Not
// aligned_alloc and memset, which would touch all pages of a large queue.
void *must_calloc_aligned(size_t size)
{
    char *memory = must_calloc(1, size_sum(size, CACHE_LINE_PAIR));
    char *aligned =
        memory + CACHE_LINE_PAIR - (uintptr_t)memory % CACHE_LINE_PAIR;
    ((void **)aligned)[-1] = memory;
    return aligned;
}

void free_aligned(void *aligned)
{
    if (aligned)
        free(((void **)aligned)[-1]);
}
