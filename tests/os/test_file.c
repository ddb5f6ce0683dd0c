// Files never get a descriptor of stdin, stdout or stderr; and random numbers
// come without a file, or from one. This program brings its own os_memory.c, of
// a system whose getentropy may be missing; the library's is left out.
#define _GNU_SOURCE
#include <errno.h>
#include <stdbool.h>
#include <unistd.h>

#include "os/os_has.h"

static bool has_call;

#if OS_HAS_GETENTROPY
#include <sys/random.h>

static int call_or_fail(void *memory, size_t size)
{
    errno = ENOSYS;
    return has_call ? getentropy(memory, size) : -1;
}

#define getentropy call_or_fail
#endif
#include "os/os_memory.c"
#undef getentropy

#include <pthread.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "sanitizers.h"
#include "test.h"

enum { LOW = 3, RANDOM = 24 };

static int open_null(const char *path, int flags)
{
    return open(path, flags);
}

static bool is_open(int file)
{
    return fcntl(file, F_GETFD) >= 0;
}

// Every choice of the three that are closed.
TEST(low, "a file has a descriptor of 3 or more, whatever is closed")
{
    int kept = fcntl(STDERR_FILENO, F_DUPFD, 10);
    for (int closed = 0; closed < 1 << LOW; closed++) {
        for (int low = 0; low < LOW; low++) {
            close(low);
            if (!(closed >> low & 1))
                dup2(kept, low);
        }
        int file = file_open(open_null, "/dev/null", O_RDWR | O_CLOEXEC);
        bool is_low_open[LOW], closes = fcntl(file, F_GETFD) & FD_CLOEXEC;
        for (int low = 0; low < LOW; low++)
            is_low_open[low] = is_open(low);
        for (int low = 0; low < LOW; low++)
            dup2(kept, low);
        CHECK(file >= LOW && closes);
        for (int low = 0; low < LOW; low++)
            CHECK_INT(is_low_open[low], !(closed >> low & 1));
        CHECK(close(file) == 0);
    }
}

TEST(errors, "the error of the call is kept")
{
    CHECK_INT(file_open(open_null, "/no/such/folder", O_RDONLY), -1);
    CHECK_INT(errno, ENOENT);
    close(STDIN_FILENO);
    CHECK_INT(file_open(open_null, "/no/such/folder", O_RDONLY), -1);
    CHECK_INT(errno, ENOENT);
    CHECK(!is_open(STDIN_FILENO));
}

static void set_most_files(rlim_t most)
{
    struct rlimit limit;
    CHECK_INT(getrlimit(RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = most;
    CHECK_INT(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

// A low descriptor is free, and no other one is.
TEST(none_left, "if only a low descriptor is left, there is none")
{
    close(STDIN_FILENO);
    set_most_files(LOW);
    int file = file_open(open_null, "/dev/null", O_RDONLY), error = errno;
    set_most_files(100);
    CHECK_INT(file, -1);
    CHECK_INT(error, EMFILE);
    CHECK(!is_open(STDIN_FILENO));
}

// A call that opens the file at the lowest place while another thread closes
// that: here the call itself does.
static int close_and_open(const char *path, int flags)
{
    close(STDIN_FILENO);
    return open(path, flags);
}

TEST(closed_meanwhile, "also if stdin is closed by another thread meanwhile")
{
    int file = file_open(close_and_open, "/dev/null", O_RDONLY);
    CHECK(file >= LOW && !is_open(STDIN_FILENO));
    CHECK(close(file) == 0);
    set_most_files(LOW);
    file = file_open(close_and_open, "/dev/null", O_RDONLY);
    int error = errno;
    set_most_files(100);
    CHECK_INT(file, -1);
    CHECK_INT(error, EMFILE);
    CHECK(!is_open(STDIN_FILENO));
}

// A descriptor of stderr would show the text in the file.

static void *print(void *stop)
{
    while (!atomic_load((atomic_bool *)stop))
        (void)!write(STDERR_FILENO, "printed", 7);
    return NULL;
}

static int open_new(const char *path, int flags)
{
    return open(path, flags, 0600);
}

TEST(printed, "nothing that a thread prints meanwhile gets into a file")
{
    if (THREAD_SANITIZER)
        test_skip("a descriptor is closed in its use, on purpose");
    char path[] = P_tmpdir "/test_file.XXXXXX";
    atomic_bool stop = false;
    pthread_t printer;
    struct stat status = { 0 };
    int kept = fcntl(STDERR_FILENO, F_DUPFD, 10);
    int first = mkstemp(path), rounds = test_rounds(20000);
    CHECK(first >= 0);
    close(STDERR_FILENO);
    CHECK(pthread_create(&printer, NULL, print, &stop) == 0);
    for (int i = 0; i < rounds; i++)
        close(file_open(open_new, path, O_RDWR | O_CLOEXEC));
    atomic_store(&stop, true);
    pthread_join(printer, NULL);
    dup2(kept, STDERR_FILENO);
    CHECK(fstat(first, &status) == 0 && unlink(path) == 0);
    CHECK_INT(status.st_size, 0);
}

// Random numbers

static bool are_random(void)
{
    unsigned char bytes[RANDOM] = { 0 }, others[RANDOM] = { 0 };
    const unsigned char none[RANDOM] = { 0 };
    return random_fill(bytes, RANDOM) && random_fill(others, RANDOM) &&
           memcmp(bytes, others, RANDOM) != 0 &&
           memcmp(bytes, none, RANDOM) != 0 &&
           memcmp(bytes + RANDOM - 8, none, 8) != 0;
}

TEST(random_numbers, "random numbers come from the kernel, or else from a file")
{
    for (int i = 0; i < 2; i++) {
        has_call = i == 0;
        CHECK(are_random());
    }
}

TEST(no_file, "random numbers need no descriptor; without the call errno says")
{
    unsigned char bytes[RANDOM];
    has_call = OS_HAS_GETENTROPY;
    set_most_files(LOW);
    bool filled = random_fill(bytes, RANDOM);
    has_call = false;
    bool filled_without = random_fill(bytes, RANDOM);
    int error = errno;
    set_most_files(100);
    CHECK(filled || !OS_HAS_GETENTROPY);
    CHECK(!filled_without);
    CHECK_INT(error, EMFILE);
}
