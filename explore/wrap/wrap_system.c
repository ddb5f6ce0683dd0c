// System functions with an answer that must be the same in every run: the
// number of cores, mapped memory, random bytes. And signals, which are the
// checker's own.
//
// A run is repeatable only if the schedule is its one source of chance. Real
// random numbers would change hash tables, and with them the points and choices
// of a run.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "model/memory.h"
#include "model/shadow.h"
#include "wrap.h"

// One core: an adaptive mutex then parks at once. Spinning would only add
// points to the run, as no other thread can run meanwhile.
long WRAP(sysconf)(int name)
{
    return name == _SC_NPROCESSORS_ONLN || name == _SC_NPROCESSORS_CONF
               ? 1
               : sysconf(name);
}

void *WRAP(mmap)(void *hint, size_t size, int protection, int flags, int fd,
                 off_t offset)
{
    if (fd != -1)
        return mmap(hint, size, protection, flags, fd, offset);
    void *memory = memory_map(size);
    if (memory == NULL)
        errno = ENOMEM;
    return memory == NULL ? MAP_FAILED : memory;
}

// Only pages that were written to: the others have no shadow cells in use, and
// marking a large mapping would take longer than the run.
int WRAP(munmap)(void *address, size_t size)
{
    if (memory_cell(address) == NULL)
        return munmap(address, size);
    for (char *at = address; at < (char *)address + size; at += PAGE)
        if (memory_is_touched(at))
            shadow_free(at, PAGE, CALLER);
    return 0;
}

// "Random" bytes are the same ones in every run, from any of their sources.
static void fill(void *memory, size_t size)
{
    for (size_t i = 0; i < size; i++)
        ((char *)memory)[i] = (char)(i * 167 + 41);
}

FILE *WRAP(fopen)(const char *path, const char *how)
{
    static char bytes[4096];
    if (strcmp(path, "/dev/urandom") != 0 && strcmp(path, "/dev/random") != 0)
        return fopen(path, how);
    fill(bytes, sizeof bytes);
    return fmemopen(bytes, sizeof bytes, "rb");
}

ssize_t WRAP(getrandom)(void *memory, size_t size, unsigned flags)
{
    (void)flags;
    fill(memory, size);
    return (ssize_t)size;
}

int WRAP(getentropy)(void *memory, size_t size)
{
    fill(memory, size);
    return 0;
}

// No alarm comes to the program: the timer is the checker's (main.c). And all
// threads of the program are one thread of the system, with one signal mask.

unsigned WRAP(alarm)(unsigned seconds)
{
    (void)seconds;
    return 0;
}

int WRAP(sigaction)(int signal, const struct sigaction *action,
                    struct sigaction *before)
{
    return sigaction(signal, signal == SIGALRM ? NULL : action, before);
}

int WRAP(pthread_sigmask)(int how, const sigset_t *set, sigset_t *before)
{
    (void)how;
    (void)set;
    if (before) {
        sigemptyset(before);
        note_write(before, sizeof *before, CALLER);
    }
    return 0;
}
