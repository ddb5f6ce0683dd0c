// How the library stops a program.
//
// There are two kinds of failure. What a correct caller can meet (a closed
// port, a missing key, a failed task, a full map, a time-out) is a return
// value, and each header says which. A bug in the caller, or a machine that is
// out of memory or threads, ends the process: stdout is flushed, then file,
// line and reason go to stderr, and the exit status is 1. So callers, and the
// examples above all, carry no checks for what they could not mend.
//
// The file and line are the program's own, of its last call into the library:
//
//     main.c:12: port_post: this port was closed or moved away

#ifndef DIE_H
#define DIE_H

#include <stddef.h>

#include "trace_hooks.h"

// Ends the process with the place, and a reason formatted as by printf.
// Any thread may call this. It never returns, and runs no atexit handlers:
// those could wait for a thread that waits for us.
_Noreturn void die(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

// Makes the call, always, and dies if it does not return 0. For calls that
// return an error number and fail only by a bug or for want of resources.
#define must(call) must_be_zero((call), #call)
void must_be_zero(int error, const char *call);

// What strerror says, in words of this thread's own: those of strerror may be
// any thread's. They stay until it calls this again.
const char *error_text(int error);

// Like malloc, calloc and realloc, but they die instead of returning NULL.
void *must_malloc(size_t size);
void *must_calloc(size_t count, size_t size);
void *must_realloc(void *memory, size_t size);

// Returns the length that printf or one of its kind has returned, and dies if
// that failed: with a format that it does not know, or for want of memory.
size_t must_print(int length, const char *format);

// Where this thread's program last called the library, as "file:line"; behind
// its NUL stands the call itself, as in "port_receive(port, &msg)".
extern _Thread_local const char *called_from;

// Notes the place, then makes the call. The public headers wrap every call
// that can die or wait in this; one store of a constant is all it costs. `text`
// is the arguments' as they were written.
#define CALLED_FROM_HERE(function, text, ...)                                  \
    CALLED_AS(#function "(" text ")", function(__VA_ARGS__))
#define CALLED_AS(text, call)                                                  \
    (note_place(__FILE__ ":" DIE_LINE "\0" text), call)
#define DIE_LINE DIE_TEXT(__LINE__)
#define DIE_TEXT(line) DIE_QUOTE(line)
#define DIE_QUOTE(line) #line

// A call, so that two wrapped calls may be arguments of a third one: two
// assignments side by side would be undefined.
static inline void note_place(const char *place)
{
    called_from = place;
    TRACED(call(place));
}

#endif
