// Memory and random bytes, which all operating systems give in the same way.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE  // mremap; getentropy on musl
#endif
#include "base/base.h"

#include "os.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "os_has.h"

#if OS_HAS_GETENTROPY
#include <sys/random.h>
#endif

#ifndef MAP_NORESERVE  // where it is missing, nothing is reserved anyway
#define MAP_NORESERVE 0
#endif

// MAP_SHARED, so that a child process sees the same memory. The kernel gives a
// page when it is first touched, filled with zeros.
void *memory_reserve(size_t size)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANON | MAP_NORESERVE, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

void memory_release(void *memory, size_t size)
{
    must_be_zero(munmap(memory, size) == 0 ? 0 : errno, "munmap");
}

// A part of 0 bytes makes a second mapping of shared memory, and Linux refuses
// that for private memory.
bool memory_is_private(const void *memory)
{
#if OS_HAS_MREMAP
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *start = (char *)memory - (uintptr_t)memory % page;
    void *again = mremap(start, 0, page, MREMAP_MAYMOVE);
    if (again == MAP_FAILED)
        return errno == EINVAL;
    memory_release(again, page);
#else
    (void)memory;
#endif
    return false;
}

// Random numbers of the kernel, for which a process needs neither a descriptor
// nor a folder /dev. An older kernel may be without them.
static bool fill_by_call(void *memory, size_t size)
{
#if OS_HAS_GETENTROPY
    return getentropy(memory, size) == 0;
#else
    (void)memory;
    (void)size;
    return false;
#endif
}

static int open_to_read(const char *path, int flags)
{
    return open(path, flags);
}

bool random_fill(void *memory, size_t size)
{
    if (fill_by_call(memory, size))
        return true;
    int file = file_open(open_to_read, "/dev/urandom", O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return false;
    ssize_t got = read(file, memory, size);
    int error = got < 0 ? errno : EIO;
    close(file);
    errno = error;
    return got == (ssize_t)size;
}
