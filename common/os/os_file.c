// Opening files. The invariant: no file of the library ever has a descriptor
// below 3. In a program whose stderr is closed (a daemon) an open file would
// get stderr's number, and all that is printed there would be written into it.
#include "base/base.h"

#include "os.h"

#include <fcntl.h>
#include <unistd.h>

enum { LOWEST = STDERR_FILENO + 1 };

static bool low_is_free(void)
{
    for (int low = 0; low < LOWEST; low++)
        if (fcntl(low, F_GETFD) < 0)
            return true;
    return false;
}

// Another thread may close stderr at any moment. EINVAL: no descriptor from
// LOWEST on may be used.
static int move_up(int file)
{
    if (file < 0 || file >= LOWEST)
        return file;
    int moved = fcntl(file, F_DUPFD_CLOEXEC, LOWEST);
    int error = errno == EINVAL ? EMFILE : errno;
    close(file);
    errno = error;
    return moved;
}

// A free low descriptor is held meanwhile by a folder, to which no thread can
// write. Opening the file first, and moving it up then, would leave a moment in
// which another thread prints into the file.
int file_open(FileOpener *open_it, const char *path, int flags)
{
    int holder = low_is_free() ? open("/", O_RDONLY | O_CLOEXEC) : -1;
    bool is_low = holder >= 0 && holder < LOWEST;
    int file = is_low ? file_open(open_it, path, flags)
                      : move_up(open_it(path, flags));
    int error = errno;
    if (holder >= 0)
        close(holder);
    errno = error;
    return file;
}
