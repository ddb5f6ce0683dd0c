// The calls for files, as the system has them, which can be made to fail.
#include "fail_internal.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int enter_file(int file)
{
    if (file >= 0 && file < MOST_FILES)
        ledger.is_open[file] = true;
    return file;
}

extern int __real_open(const char *path, int flags, ...);

int __wrap_open(const char *path, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    mode_t mode = (flags & O_CREAT) ? va_arg(args, mode_t) : 0;
    va_end(args);
    return fails(FAULT_OPEN_FILE) ? -1
                                  : enter_file(__real_open(path, flags, mode));
}

REAL(int, shm_open, const char *name, int flags, mode_t mode);

int __wrap_shm_open(const char *name, int flags, mode_t mode)
{
    return fails(FAULT_OPEN_SHARED)
               ? -1
               : enter_file(__real_shm_open(name, flags, mode));
}

REAL(int, close, int file);

// Closes it nevertheless, as Linux does.
int __wrap_close(int file)
{
    if (file >= 0 && file < MOST_FILES)
        ledger.is_open[file] = false;
    int result = __real_close(file);
    return fails(FAULT_CLOSE_FILE) ? -1 : result;
}

// Calls that return -1.
#define CALL(FAULT, type, name, parameters, arguments)                         \
    extern type __real_##name parameters;                                      \
    type __wrap_##name parameters                                              \
    {                                                                          \
        return fails(FAULT_##FAULT) ? -1 : __real_##name arguments;            \
    }

CALL(STAT, int, fstat, (int file, struct stat *status), (file, status))
#if __GLIBC__ == 2 && __GLIBC_MINOR__ < 33  // where fstat is a macro for this
CALL(STAT, int, __fxstat, (int version, int file, struct stat *status),
     (version, file, status))
#endif
CALL(PREAD, ssize_t, pread, (int file, void *bytes, size_t size, off_t at),
     (file, bytes, size, at))
CALL(PWRITE, ssize_t, pwrite,
     (int file, const void *bytes, size_t size, off_t at),
     (file, bytes, size, at))
CALL(TRUNCATE, int, ftruncate, (int file, off_t size), (file, size))
CALL(PROTECT, int, mprotect, (void *at, size_t size, int protection),
     (at, size, protection))
CALL(UNLINK, int, unlink, (const char *path), (path))
CALL(RENAME, int, rename, (const char *from, const char *to), (from, to))
CALL(UNLINK_SHARED, int, shm_unlink, (const char *name), (name))

// These may be interrupted, too.

REAL(int, flock, int file, int kind);
REAL(int, posix_fallocate, int file, off_t at, off_t size);

int __wrap_flock(int file, int kind)
{
    return fails(FAULT_FLOCK) || fails(FAULT_FLOCK_AGAIN)
               ? -1
               : __real_flock(file, kind);
}

int __wrap_posix_fallocate(int file, off_t at, off_t size)
{
    const FaultId ids[] = { FAULT_ALLOCATE,       FAULT_ALLOCATE_AGAIN,
                            FAULT_ALLOCATE_NOT,   FAULT_ALLOCATE_NOT_HERE,
                            FAULT_ALLOCATE_NEVER, FAULT_ALLOCATE_FORBIDDEN };
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        if (fails(ids[i]))
            return faults[ids[i]].error;
    return __real_posix_fallocate(file, at, size);
}
