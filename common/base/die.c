// How the library prints and ends a program, and the calls that end it when
// they fail. The place in front of the reason is the call of the library that
// the thread is in, which the macros of the public headers note (call_site.h).
// The invariant: the reason is written before anything that another thread, or
// the reader of a pipe, could hold up.
#undef _GNU_SOURCE  // it would make another function of strerror_r
#include "base.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <unistd.h>

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

// By write, and not through the stream stderr: that may be buffered, or locked
// by a thread that waits. A write may take a part of the bytes, or none, when
// the file does not block and has no room now.
void write_to_stderr(const char *text, size_t size)
{
    enum { PATIENCE_MS = 1000 };
    struct pollfd room = { .fd = STDERR_FILENO, .events = POLLOUT };
    while (size > 0) {
        ssize_t written = write(STDERR_FILENO, text, size);
        if (written > 0) {
            text += written;
            size -= (size_t)written;
        } else if (written == 0 || (errno != EINTR && errno != EAGAIN) ||
                   (errno == EAGAIN && poll(&room, 1, PATIENCE_MS) == 0)) {
            return;
        }
    }
}

static atomic_int end_status;  // lock-free, and so safe in a signal handler

static void end_now(int signal)
{
    (void)signal;
    _exit(atomic_load(&end_status));
}

// A stream's lock may be held forever, and a full pipe may have no reader. So
// an alarm ends the process then. _Exit runs no atexit handler that could wait.
void end_process(int status, const char *text, size_t size)
{
    sigset_t alarms;
    sigemptyset(&alarms);
    sigaddset(&alarms, SIGALRM);
    atomic_store(&end_status, status);
    sigaction(SIGALRM, &(struct sigaction){ .sa_handler = end_now }, NULL);
    pthread_sigmask(SIG_UNBLOCK, &alarms, NULL);
    alarm(1);
    write_to_stderr(text, size);
    fflush(stderr);
    fflush(stdout);
    _Exit(status);
}

void die(const char *format, ...)
{
    char reason[512], line[1500];
    va_list args;
    va_start(args, format);
    vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    TRACED(died(reason));
    // One write, so that two dying threads do not mix their lines.
    int length = snprintf(line, sizeof line, "%.900s: %s\n",
                          called_from ? called_from : "common", reason);
    end_process(EXIT_FAILURE, line, (size_t)length);
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
