// The system calls of a map in a file: open, flock, ftruncate and mmap. The
// lock is flock's and not fcntl's, which a process loses when any of its
// threads closes the file, and which its children do not have. flock has no
// deadline, so no call here waits for it.
#include "base/base.h"

#include "shared_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/os.h"
#include "os/os_has.h"

// The folder of named memory. Before version 2.34 glibc had shm_open in another
// library than the C library: there it is a file in /dev/shm.
#if !OS_SHARES_FILES
#define FOLDER "/tmp/"
#elif defined(__GLIBC__)
#if !__GLIBC_PREREQ(2, 34)
#define FOLDER "/dev/shm/"
#endif
#endif
#ifdef FOLDER
#define shm_open open
#define shm_unlink unlink
#else
#define FOLDER "/"
#endif

enum { PATH_SIZE = 300 };

static bool memory_path(const char *name, char path[PATH_SIZE])
{
    int length = snprintf(path, PATH_SIZE, FOLDER "%s", name);
    bool good =
        *name && *name != '.' && !strchr(name, '/') && length < PATH_SIZE;
    errno = good ? errno : EINVAL;
    return good;
}

static int open_path(const char *path, int flags)
{
    return open(path, flags, 0600);
}

static int open_memory(const char *path, int flags)
{
    return shm_open(path, flags, 0600);
}

int shared_file_open(const char *path, bool is_memory, FileUse use)
{
    static const int ways[] = { [FILE_READ] = O_RDONLY,
                                [FILE_FIND] = O_RDWR,
                                [FILE_MAKE] = O_RDWR | O_CREAT };
    // Not to wait for a pipe's other end, nor to get a terminal.
    const int never_wait = O_NONBLOCK | O_NOCTTY;
    const int flags = ways[use] | O_CLOEXEC | O_NOFOLLOW | never_wait;
    char memory[PATH_SIZE];
    if (is_memory && !memory_path(path, memory))
        return -1;
    int file = is_memory ? file_open(open_memory, memory, flags)
                         : file_open(open_path, path, flags);
    if (file < 0 && errno == EMLINK)  // FreeBSD's error for a link
        errno = ELOOP;
    return file;
}

bool shared_file_remove(const char *path, bool is_memory)
{
    char memory[PATH_SIZE];
    if (!is_memory)
        return unlink(path) == 0;
    return memory_path(path, memory) && shm_unlink(memory) == 0;
}

// Another user that may write to the file could damage the map in use,
// so such a file is refused.
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

// The kernel drops the lock when the last process that has it ends, however it
// ends: so it also shows whether the others were killed.
bool shared_file_lock(int file, FileLock lock)
{
    static const int kinds[] = { [FILE_UNLOCKED] = LOCK_UN,
                                 [FILE_SHARED] = LOCK_SH | LOCK_NB,
                                 [FILE_ALONE] = LOCK_EX | LOCK_NB };
    int failed;
    do
        failed = flock(file, kinds[lock]);
    while (failed && errno == EINTR);
    return !failed;
}

bool shared_file_may_have(uint64_t size)
{
    struct rlimit limit;
    bool may = (off_t)size >= 0 && (uint64_t)(off_t)size == size &&
               (getrlimit(RLIMIT_FSIZE, &limit) != 0 ||
                limit.rlim_cur == RLIM_INFINITY || size <= limit.rlim_cur);
    errno = may ? errno : EFBIG;
    return may;
}

// A file may be longer than the room that its disk has for it: a copy may have
// holes. The room comes first: otherwise a full disk kills the process that
// writes there (SIGBUS).
bool shared_file_reserve(int file, uint64_t size)
{
    int error = 0;
#if OS_HAS_FALLOCATE
    do
        error = posix_fallocate(file, 0, (off_t)size);
    while (error == EINTR);
    if (error == EOPNOTSUPP || error == ENOSYS || error == EINVAL ||
        error == EPERM)  // a container does not allow the call
        error = 0;
#else
    (void)file, (void)size;
#endif
    errno = error ? error : errno;
    return error == 0;
}

// Mapping. The page before the mapping is private to this process: no other one
// can write to this struct.
typedef struct Mapping {
    void *memory;
    size_t whole;  // bytes, with the page
    int file;
    bool is_read_only;
} Mapping;

static size_t page_size(void)
{
    return (size_t)sysconf(_SC_PAGESIZE);
}

// Reserves the addresses of both first, so that the page is free.
void *shared_file_map(int file, uint64_t bytes, FileUse use)
{
    const int both = PROT_READ | PROT_WRITE;
    const int wanted = use == FILE_READ ? PROT_READ : both;
    size_t page = page_size(), size = (size_t)bytes;
    if (bytes > SIZE_MAX - page) {
        errno = ENOMEM;
        return NULL;
    }
    char *start =
        mmap(NULL, page + size, PROT_NONE, MAP_PRIVATE | MAP_ANON, -1, 0);
    if (start == MAP_FAILED)
        return NULL;
    if (mprotect(start, page, both) == 0 &&
        mmap(start + page, size, wanted, MAP_SHARED | MAP_FIXED, file, 0) !=
            MAP_FAILED) {
        *(Mapping *)start =
            (Mapping){ start + page, page + size, file, use == FILE_READ };
        return start + page;
    }
    int error = errno;
    munmap(start, page + size);
    errno = error;
    return NULL;
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

bool shared_file_is_read_only(const void *memory)
{
    const Mapping *mapping = mapping_of(memory);
    return mapping->memory == memory && mapping->is_read_only;
}

bool shared_file_unmap(void *memory)
{
    return munmap(mapping_of(memory), mapping_of(memory)->whole) == 0;
}
