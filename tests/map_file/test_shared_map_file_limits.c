// What a process may lack: stdout and stderr, descriptors, a folder /dev, long
// files, room on the disk. This program brings its own map_file/shared_file.c,
// with a disk that can be full; the library's is left out.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/resource.h>

#include "os/os_has.h"

static bool is_full;

#if OS_HAS_FALLOCATE
// Where the file system cannot do it the C library writes to each block.
static int reserve(int file, off_t at, off_t size)
{
    struct rlimit longest;
    if (getrlimit(RLIMIT_FSIZE, &longest) == 0 &&
        (rlim_t)size > longest.rlim_cur)
        raise(SIGXFSZ);
    return is_full ? ENOSPC : posix_fallocate(file, at, size);
}
#endif

#define posix_fallocate reserve
#include "map_file/shared_file.c"
#undef posix_fallocate
#undef IN_COMMON

#include <string.h>

#include "map/shared_map_internal.h"
#include "map_files.h"
#include "test.h"

static void set_most_files(rlim_t most)
{
    struct rlimit limit;
    CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    limit.rlim_cur = most;
    CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
}

// A map that holds what its key says, and a text.
static void check_number(SharedMap *map, int number)
{
    CHECK_INT(int_at(map, "number"), number);
    check_value(map, "text", value_text("text"));
}

static void set_number(SharedMap *map, int number)
{
    CHECK(shared_map_set_int(map, "number", number));
    CHECK(shared_map_set_text(map, "text", "text"));
}

// Descriptors

static void print_without(const char *path)
{
    for (int low = 0; low <= STDERR_FILENO; low++)
        close(low);
    SharedMap *map = shared_map_open(path, FILE_SIZE, NULL);
    SharedMap *again = shared_map_open(path, FILE_SIZE, NULL);
    shared_map_set_int(map, "number", 1);
    shared_map_set_text(again, "text", "text");
    printf("This is printed, and does not get into the map.\n");
    fprintf(stderr, "This is printed, and does not get into the map.\n");
    (void)!write(STDIN_FILENO, "This neither.", 13);
    raise(SIGQUIT);
    shared_map_free(&map);  // dies, and says so
}

TEST(printed, "what a program without stderr prints gets into no map")
{
    const char *path = new_path();
    int status;
    CHECK(waitpid(start_child(print_without, path), &status, 0) > 0);
    CHECK(WIFEXITED(status) ? WEXITSTATUS(status) == EXIT_FAILURE
                            : WTERMSIG(status) == SIGQUIT);
    SharedMap *map = shared_map_open(path, 0, NULL);
    CHECK(map != NULL);
    check_number(map, 1);
    shared_map_close(&map);
    remove_file(path);
}

// From no descriptor on, one more in each round.
TEST(none_left, "with no descriptor left errno says so, and no file is left")
{
    const char *path = new_path();
    SharedMap *map = NULL;
    rlim_t files = 3;
    for (; map == NULL; files++) {
        MapProblem problem;
        set_most_files(files);
        map = shared_map_open(path, FILE_SIZE, &problem);
        int error = errno;
        set_most_files(100);
        if (map)
            break;
        CHECK_INT(problem, SHARED_MAP_REFUSED);
        CHECK_INT(error, EMFILE);
        CHECK(access(path, F_OK) != 0 || size_of_file(path) == 0);
    }
    // Random numbers come from a file where there is no call for them.
    CHECK((int)files == shared_file_of(map) + 1 + !OS_HAS_GETENTROPY);
    set_number(map, 1);
    check_number(map, 1);
    shared_map_close(&map);
    remove_file(path);
}

static void open_below(const char *path)
{
    (void)path;
    CHECK(chroot(folder) == 0 && chdir("/") == 0);
    SharedMap *map = open_file("/map");
    set_number(map, 7);
}

TEST(no_folder, "where there is no /dev a map is made as anywhere")
{
    if (!OS_HAS_GETENTROPY)
        test_skip("random numbers come from a file in /dev here");
    if (geteuid() != 0)
        test_skip("only root can change the root folder");
    const char *path = new_path();
    join_child(start_child(open_below, path));
    SharedMap *map = open_file(path);
    check_number(map, 7);
    shared_map_close(&map);
    remove_file(path);
}

// Sizes

static void set_longest(rlim_t bytes)
{
    struct rlimit limit = { .rlim_cur = bytes, .rlim_max = RLIM_INFINITY };
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = bytes < limit.rlim_max ? bytes : limit.rlim_max;
    CHECK(setrlimit(RLIMIT_FSIZE, &limit) == 0);
}

TEST(limit, "a file longer than ulimit -f is refused, and no signal comes")
{
    const char *path = new_path();
    const rlim_t limits[] = { 0, 4, 8, 4096, FILE_SIZE - 1 };
    signal(SIGXFSZ, SIG_DFL);
    for (size_t i = 0; i < COUNT(limits); i++) {
        set_longest(limits[i]);
        check_open_fails(path, FILE_SIZE, SHARED_MAP_REFUSED);
        CHECK_INT(errno, EFBIG);
        check_open_fails(path, SIZE_MAX, SHARED_MAP_REFUSED);
        CHECK_INT(errno, EFBIG);
        CHECK_INT(size_of_file(path), 0);
    }
    set_longest(FILE_SIZE);
    SharedMap *map = open_file(path);
    set_number(map, 1);
    shared_map_close(&map);
    // A file that is there was allowed once.
    set_longest(4096);
    map = open_file(path);
    check_number(map, 1);
    set_number(map, 2);
    shared_map_close(&map);
    remove_file(path);
}

// As cp --sparse makes it: blocks of zeros are left out.
static void punch_holes(const char *path)
{
    char bytes[FILE_SIZE];
    enum { BLOCK = 4096 };
    const char zeros[BLOCK] = { 0 };
    int file = open(path, O_RDWR);
    CHECK(file >= 0 && pread(file, bytes, FILE_SIZE, 0) == FILE_SIZE);
    CHECK(ftruncate(file, 0) == 0 && ftruncate(file, FILE_SIZE) == 0);
    for (size_t at = 0; at < FILE_SIZE; at += BLOCK)
        if (memcmp(bytes + at, zeros, BLOCK) != 0)
            CHECK(pwrite(file, bytes + at, BLOCK, (off_t)at) == BLOCK);
    CHECK(close(file) == 0);
}

static long long blocks_of(const char *path)
{
    struct stat status;
    CHECK(stat(path, &status) == 0);
    return status.st_blocks * 512LL;
}

TEST(sparse, "a copy with holes gets its room as it is opened, or an error")
{
    must_reserve();
    const char *path = new_path();
    SharedMap *map = open_file(path);
    set_number(map, 1);
    shared_map_close(&map);
    long long whole = blocks_of(path);
    punch_holes(path);
    long long sparse = blocks_of(path);
    is_full = true;
    check_open_fails(path, FILE_SIZE, SHARED_MAP_REFUSED);
    CHECK_INT(errno, ENOSPC);
    CHECK_INT(size_of_file(path), FILE_SIZE);
    CHECK_INT(blocks_of(path), sparse);
    is_full = false;
    map = open_file(path);
    check_number(map, 1);
    CHECK(blocks_of(path) >= whole || whole < FILE_SIZE);
    // Room is asked for by a process that is alone.
    is_full = true;
    SharedMap *second = open_file(path);
    check_number(second, 1);
    shared_map_close(&second);
    shared_map_close(&map);
    remove_file(path);
}

TEST(no_room, "a full disk leaves a new file empty")
{
    must_reserve();
    const char *path = new_path();
    is_full = true;
    check_open_fails(path, FILE_SIZE, SHARED_MAP_REFUSED);
    CHECK_INT(errno, ENOSPC);
    CHECK_INT(size_of_file(path), 0);
    remove_file(path);
}
