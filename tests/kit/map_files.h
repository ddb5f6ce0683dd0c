// Shared by the tests of maps in files.

#ifndef MAP_FILES_H
#define MAP_FILES_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "map_checks.h"
#include "os/os_has.h"
#include "shared_map_file.h"

enum { FILE_SIZE = 64 * 1024, PATH_ROOM = 300 };

static char folder[PATH_ROOM];

static inline void remove_folder(void)
{
    rmdir(folder);
}

// A new file's path, in a folder that goes when the test ends.
static inline const char *new_path(void)
{
    static char path[PATH_ROOM + 10];
    const char *in = getenv("BATS_TEST_TMPDIR");
    snprintf(folder, sizeof folder, "%s/map.XXXXXX", in ? in : P_tmpdir);
    CHECK(mkdtemp(folder) != NULL);
    atexit(remove_folder);
    snprintf(path, sizeof path, "%s/map", folder);
    return path;
}

// Otherwise a file has its place only where it was written to.
static inline void must_reserve(void)
{
    if (!OS_HAS_FALLOCATE)
        test_skip("this system cannot reserve room on a disk");
}

static inline SharedMap *open_file(const char *path)
{
    MapProblem problem = SHARED_MAP_DAMAGED;
    SharedMap *map = shared_map_open(path, FILE_SIZE, &problem);
    CHECK_TEXT(map_problem_words(problem),
               map_problem_words(SHARED_MAP_NO_PROBLEM));
    CHECK(map != NULL);
    return map;
}

static inline void remove_file(const char *path)
{
    CHECK(shared_map_remove(path));
}

static inline void check_open_fails(const char *path, size_t bytes,
                                    MapProblem expected)
{
    MapProblem problem = SHARED_MAP_NO_PROBLEM;
    CHECK(shared_map_open(path, bytes, &problem) == NULL);
    CHECK_INT(problem, expected);
}

static inline pid_t start_child(void (*run)(const char *), const char *path)
{
    fflush(NULL);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        run(path);
        _Exit(0);
    }
    return child;
}

static inline void join_child(pid_t child)
{
    int status = -1;
    CHECK(waitpid(child, &status, 0) == child);
    CHECK_INT(status, 0);
}

// Writes bytes to a new file, or over what is in the file.
static inline void write_file(const char *path, const void *bytes, size_t size,
                              size_t at)
{
    int file = open(path, O_RDWR | O_CREAT, 0600);
    CHECK(file >= 0);
    CHECK(pwrite(file, bytes, size, (off_t)at) == (ssize_t)size);
    CHECK(close(file) == 0);
}

static inline size_t size_of_file(const char *path)
{
    struct stat status;
    CHECK(stat(path, &status) == 0);
    return (size_t)status.st_size;
}

#endif
