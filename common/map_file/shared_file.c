#include "base/base.h"

#include "shared_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

// Names.

// Not to wait for a pipe's other end, nor to get a terminal.
static int flags_for(bool make)
{
    return O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY |
           (make ? O_CREAT : 0);
}

// FreeBSD says EMLINK of a link.
static int checked(int file)
{
    if (file < 0 && errno == EMLINK)
        errno = ELOOP;
    return file;
}

int shared_file_open(const char *path, bool make)
{
    return checked(open(path, flags_for(make), 0600));
}

bool shared_file_remove(const char *path)
{
    return unlink(path) == 0;
}

// Before version 2.34 glibc had shm_open in another library than the C library:
// there it is a file in this folder.
#ifdef __GLIBC__
#if !__GLIBC_PREREQ(2, 34)
#define shm_open open
#define shm_unlink unlink
#define FOLDER "/dev/shm/"
#endif
#endif
#ifndef FOLDER
#define FOLDER "/"
#endif

enum { PATH_SIZE = 300 };

static bool path_of(const char *name, char path[PATH_SIZE])
{
    int length = snprintf(path, PATH_SIZE, FOLDER "%s", name);
    bool good =
        *name && *name != '.' && !strchr(name, '/') && length < PATH_SIZE;
    errno = good ? errno : EINVAL;
    return good;
}

int shared_memory_open(const char *name, bool make)
{
    char path[PATH_SIZE];
    if (!path_of(name, path))
        return -1;
    return checked(shm_open(path, flags_for(make), 0600));
}

bool shared_memory_remove(const char *name)
{
    char path[PATH_SIZE];
    return path_of(name, path) && shm_unlink(path) == 0;
}

// What it is.

bool shared_file_look(int file, bool *ours, uint64_t *size)
{
    struct stat status;
    if (fstat(file, &status) != 0)
        return false;
    *ours = S_ISREG(status.st_mode) && status.st_uid == geteuid() &&
            (status.st_mode & (S_IRWXG | S_IRWXO)) == 0;
    *size = (uint64_t)status.st_size;
    return true;
}

// Locks. Not fcntl's, which a process loses when any of its threads closes the
// file, and of which its children have none.

static bool lock_as(int file, int kind)
{
    int failed;
    do
        failed = flock(file, kind);
    while (failed && errno == EINTR);
    return !failed;
}

bool shared_file_try_alone(int file)
{
    return lock_as(file, LOCK_EX | LOCK_NB);
}

bool shared_file_share(int file)
{
    return lock_as(file, LOCK_SH);
}

bool shared_file_unlock(int file)
{
    return lock_as(file, LOCK_UN);
}

// Room.

// A disk that is full would else kill whoever first writes somewhere.
static int allocate(int file, off_t size)
{
    int error = 0;
#if defined(_POSIX_ADVISORY_INFO) && _POSIX_ADVISORY_INFO > 0
    do
        error = posix_fallocate(file, 0, size);
    while (error == EINTR);
    if (error == EOPNOTSUPP || error == ENOSYS || error == EINVAL)
        error = 0;
#else
    (void)file;
    (void)size;
#endif
    return error;
}

bool shared_file_reserve(int file, size_t size)
{
    off_t length = (off_t)size;
    if (length < 0 || (size_t)length != size) {
        errno = EFBIG;
        return false;
    }
    if (ftruncate(file, length) != 0)
        return false;
    int error = allocate(file, length);
    errno = error ? error : errno;
    return error == 0;
}

// Mapping. In the page before is what only this process knows, and what nobody
// else can write to.

typedef struct Mapping {
    void *memory;
    size_t whole;  // bytes, with the page
    int file;
} Mapping;

static size_t page_size(void)
{
    return (size_t)sysconf(_SC_PAGESIZE);
}

static void *map_behind(char *start, size_t page, int file, size_t size)
{
    const int both = PROT_READ | PROT_WRITE;
    if (mprotect(start, page, both) != 0 ||
        mmap(start + page, size, both, MAP_SHARED | MAP_FIXED, file, 0) ==
            MAP_FAILED)
        return NULL;
    *(Mapping *)start = (Mapping){ start + page, page + size, file };
    return start + page;
}

void *shared_file_map(int file, size_t size)
{
    size_t page = page_size();
    if (size > SIZE_MAX - page) {
        errno = ENOMEM;
        return NULL;
    }
    char *start =
        mmap(NULL, page + size, PROT_NONE, MAP_PRIVATE | MAP_ANON, -1, 0);
    if (start == MAP_FAILED)
        return NULL;
    void *memory = map_behind(start, page, file, size);
    if (memory == NULL) {
        int error = errno;
        munmap(start, page + size);
        errno = error;
    }
    return memory;
}

static Mapping *mapping_of(const void *memory)
{
    return (Mapping *)((char *)memory - page_size());
}

int shared_file_of(const void *memory)
{
    const Mapping *mapping = mapping_of(memory);
    return mapping->memory == memory ? mapping->file : -1;
}

bool shared_file_unmap(void *memory)
{
    return munmap(mapping_of(memory), mapping_of(memory)->whole) == 0;
}
