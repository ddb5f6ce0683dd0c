// Capturing the program's output: stdout and stderr are one file in memory.
//
// The outputs of all runs are compared, so each must be complete and by itself.
// Both streams go to the same file, which keeps their order. They are fully
// buffered: then a run makes few system calls, and printing is no scheduling
// point. The tool itself prints to a copy of the original stdout (`report`).

#define _GNU_SOURCE
#include "output.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/give_up.h"

enum { MOST = 64 * 1024 };  // bytes of one run's output; the rest is cut off

FILE *report;

static int kept = -1, saved_stdout = -1, saved_stderr = -1;
static char text[MOST + 1];

// Puts the original stdout and stderr back, for give_up's message.
static void restore(void)
{
    if (saved_stdout == -1)
        return;
    fflush(report);
    dup2(saved_stdout, STDOUT_FILENO);
    dup2(saved_stderr, STDERR_FILENO);
}

void output_init(void)
{
    give_up_calls_first(restore);
    fflush(NULL);
    saved_stdout = dup(STDOUT_FILENO);
    saved_stderr = dup(STDERR_FILENO);
    kept = memfd_create("output", 0);
    report = fdopen(dup(saved_stdout), "w");
    if (kept == -1 || report == NULL)
        give_up("The output of the program cannot be captured: memfd_create "
                "or fdopen failed.");
    dup2(kept, STDOUT_FILENO);
    dup2(kept, STDERR_FILENO);
    setvbuf(stdout, NULL, _IOFBF, MOST);
    setvbuf(stderr, NULL, _IOFBF, MOST);
}

void output_start(void)
{
    lseek(kept, 0, SEEK_SET);
}

// The file is overwritten from its start in each run and never truncated, so
// its length is the present position.
const char *output_end(void)
{
    fflush(stdout);
    fflush(stderr);
    off_t length = lseek(kept, 0, SEEK_CUR);
    if (length > MOST)
        length = MOST;
    ssize_t got = length == 0 ? 0 : pread(kept, text, (size_t)length, 0);
    text[got < 0 ? 0 : got] = '\0';
    return text;
}
