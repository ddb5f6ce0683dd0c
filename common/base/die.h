// How the library stops a program.
//
// There are two kinds of failure. A failure that a correct caller can meet (a
// closed port, a missing key, a failed task, a full map, a time-out) is a
// return value, and each header says which. A bug in the caller, or a machine
// that is out of memory or threads, ends the process: file, line and reason go
// to stderr, then stdout is flushed, and the exit status is 1. So callers, and
// the examples above all, carry no checks for failures that they could not
// mend.
//
// The file and line are the program's own, of the call into the library that
// the thread is in (call_site.h).
//
// The reason goes out first, straight to the descriptor: also when the stream
// stderr is buffered or locked. If a flush, or the write, takes longer than a
// second, because a thread keeps the stream's lock or a pipe is full and has no
// reader, the process ends without the rest.
//
// In every program with the library stdout is line buffered from the start,
// also into a pipe or a file.

#ifndef COMMON_DIE_H
#define COMMON_DIE_H

#include "names.h"

#include "call_site.h"
#include "trace_hooks.h"

// Ends the process with the place, and a reason formatted as by printf.
// Any thread may call this. It never returns, and runs no atexit handlers:
// those could wait for a thread that waits for this one.
_Noreturn void die(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

// The steps of die. Writes to stderr's descriptor; safe in a signal handler.
void write_to_stderr(const char *text, size_t size);

// Ends the process with this status: the text goes to stderr, then the streams
// are flushed, for a second at most. Takes the process's alarm (SIGALRM).
_Noreturn void end_process(int status, const char *text, size_t size);

// Makes the call, always, and dies if it does not return 0. For calls that
// return an error number and fail only by a bug or for want of resources.
#define must(call) must_be_zero((call), #call)
void must_be_zero(int error, const char *call);

// For a call with a NULL object, which was ended before, or never made: ends
// the process with a sentence, so that a second end is no crash.
//
//     must_exist(queue, "queue_send", QUEUE_IS_NULL);
static inline void must_exist(const void *object, const char *call,
                              const char *sentence)
{
    if (object == NULL)
        die("%s: %s", call, sentence);
}

// For a call that would wait for a lock of its own thread: forever.
#define CALLED_IN_A_HANDLER                                                    \
    "a signal handler called this, in the middle of another call of the same " \
    "thread; common/README.md says what a handler may call"

#define FUTURE_IS_NULL "the future is NULL: it was joined, or never started"
#define POOL_IS_NULL "the pool is NULL: it was joined, or never made"
#define QUEUE_IS_NULL "the queue is NULL: it was freed, or never made"
#define WORKER_IS_NULL "the worker is NULL: it was joined, or never started"

// Like strerror, but the text belongs to this thread and stays until its next
// call of this; strerror's may be any thread's.
const char *error_text(int error);

// Like malloc, calloc and realloc, but they die instead of returning NULL.
void *must_malloc(size_t size);
void *must_calloc(size_t count, size_t size);
void *must_realloc(void *memory, size_t size);

// Like must_calloc, aligned to CACHE_LINE_PAIR. free_aligned frees it, and does
// nothing with NULL.
void *must_calloc_aligned(size_t size);
void free_aligned(void *aligned);

// Returns the length that printf or one of its kind has returned, and dies if
// that failed: with a format that it does not know, or for want of memory.
size_t must_print(int length, const char *format);

#endif
