// Memory and random bytes, which all operating systems give in the same way.
#include "base/base.h"

#include "os.h"

#include <sys/mman.h>

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

void random_fill(void *memory, size_t size)
{
    FILE *file = fopen("/dev/urandom", "rb");
    if (file == NULL)
        die("/dev/urandom: %s", error_text(errno));
    if (fread(memory, 1, size, file) != size)
        die("/dev/urandom: %s",
            ferror(file) ? error_text(errno) : "it ended too soon");
    fclose(file);
}
