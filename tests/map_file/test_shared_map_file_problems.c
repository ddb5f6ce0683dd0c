// Files that shared_map_file.h refuses, and its messages: files of other users,
// files that hold something else, or a map that was cut off, locked or damaged.

#include "map_alone.h"
#include "shared_map_file.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>

#include "base/die.h"
#include "map/shared_map_internal.h"
#include "map_files.h"
#include "os/os.h"
#include "test.h"

// Ours alone

TEST(modes, "a file that others may open is refused, and not touched")
{
    const char *path = new_path();
    const mode_t others[] = { 0640, 0620, 0610, 0604, 0602, 0601, 0666 };
    for (int made = 0; made < 2; made++) {
        write_file(path, "", 0, 0);
        for (size_t i = 0; i < COUNT(others); i++) {
            struct stat status;
            CHECK(chmod(path, others[i]) == 0);
            check_open_fails(path, FILE_SIZE, SHARED_MAP_NOT_OURS);
            CHECK(stat(path, &status) == 0);
            CHECK_INT(status.st_mode & 07777, others[i]);
            CHECK_INT(status.st_size, made ? FILE_SIZE : 0);
        }
        CHECK(chmod(path, 0600) == 0);
        shared_map_close(&(SharedMap *){ open_file(path) });
    }
    remove_file(path);
}

TEST(owner, "a file of another owner is refused")
{
    if (geteuid() != 0)
        test_skip("only root can give a file away");
    const char *path = new_path();
    shared_map_close(&(SharedMap *){ open_file(path) });
    CHECK(chown(path, 12345, 0) == 0);
    check_open_fails(path, FILE_SIZE, SHARED_MAP_NOT_OURS);
    CHECK(chown(path, 0, 0) == 0);
    shared_map_close(&(SharedMap *){ open_file(path) });
    remove_file(path);
}

TEST(links, "no symbolic link is followed, to a map or to nowhere")
{
    const char *path = new_path();
    char other[PATH_ROOM + 20];
    snprintf(other, sizeof other, "%s.link", path);
    CHECK(symlink(path, other) == 0);
    check_open_fails(other, FILE_SIZE, SHARED_MAP_NOT_OURS);
    CHECK(access(path, F_OK) != 0);
    shared_map_close(&(SharedMap *){ open_file(path) });
    check_open_fails(other, FILE_SIZE, SHARED_MAP_NOT_OURS);
    CHECK(shared_map_remove(other));
    remove_file(path);
}

TEST(kinds, "what is no plain file is refused, and nobody waits for it")
{
    const char *path = new_path();
    CHECK(mkfifo(path, 0600) == 0);
    check_open_fails(path, FILE_SIZE, SHARED_MAP_NOT_OURS);
    remove_file(path);
    check_open_fails("/dev/null", FILE_SIZE, SHARED_MAP_NOT_OURS);
    check_open_fails(folder, FILE_SIZE, SHARED_MAP_REFUSED);
    CHECK_INT(errno, EISDIR);
}

TEST(nowhere, "where there is no file, or no folder, errno says so")
{
    const char *path = new_path();
    char deeper[PATH_ROOM + 20];
    snprintf(deeper, sizeof deeper, "%s/file", path);
    check_open_fails(path, 0, SHARED_MAP_REFUSED);
    CHECK_INT(errno, ENOENT);
    CHECK_TEXT(map_problem_words(SHARED_MAP_REFUSED), strerror(ENOENT));
    check_open_fails(deeper, FILE_SIZE, SHARED_MAP_REFUSED);
    CHECK_INT(errno, ENOENT);
    CHECK(shared_map_open(path, 0, NULL) == NULL);
}

TEST(too_large, "where there is no room for the file it is left empty")
{
    const char *path = new_path();
    struct rlimit limit = { .rlim_cur = FILE_SIZE / 2, .rlim_max = FILE_SIZE };
    CHECK(setrlimit(RLIMIT_FSIZE, &limit) == 0);
    check_open_fails(path, FILE_SIZE, SHARED_MAP_REFUSED);
    CHECK_INT(errno, EFBIG);
    check_open_fails(path, SIZE_MAX, SHARED_MAP_REFUSED);
    CHECK_INT(size_of_file(path), 0);
    limit.rlim_cur = FILE_SIZE;
    CHECK(setrlimit(RLIMIT_FSIZE, &limit) == 0);
    shared_map_close(&(SharedMap *){ open_file(path) });
    remove_file(path);
}

TEST(too_small, "a file that is too small for a map is left empty")
{
    const char *path = new_path();
    size_t size = 1;
    for (; shared_map_open(path, size, NULL) == NULL; size++) {
        check_open_fails(path, size, SHARED_MAP_TOO_SMALL);
        CHECK_INT(size_of_file(path), 0);
    }
    CHECK_INT(size_of_file(path), size);
    CHECK(size > sizeof(SharedMap) && size < 2000);
    remove_file(path);
}

// Something else

TEST(others, "a file with something else in it is refused, and not touched")
{
    const char *path = new_path();
    const char text[] = "This is a text, and no map at all.";
    char found[sizeof text];
    for (size_t size = 1; size < FILE_SIZE; size *= 8) {
        write_file(path, text, size < sizeof text ? size : sizeof text, 0);
        CHECK(truncate(path, (off_t)size) == 0);
        check_open_fails(path, FILE_SIZE, SHARED_MAP_UNKNOWN);
        CHECK_INT(size_of_file(path), size);
        FILE *file = fopen(path, "r");
        size_t got = fread(found, 1, sizeof found, file);
        CHECK(memcmp(found, text, got) == 0);
        fclose(file);
        remove_file(path);
    }
    CHECK_TEXT(map_problem_words(SHARED_MAP_UNKNOWN),
               "there is no shared map in it");
}

TEST(versions, "a map of another version is refused, and not touched")
{
    const char *path = new_path();
    for (unsigned bit = 0; bit < 32; bit++) {
        SharedMap *map = open_file(path);
        uint32_t ours = map->layout, other = ours ^ UINT32_C(1) << bit;
        CHECK(shared_map_set_int(map, "key", 1));
        shared_map_close(&map);
        size_t at = offsetof(SharedMap, layout);
        write_file(path, &other, sizeof other, at);
        check_open_fails(path, FILE_SIZE, SHARED_MAP_OTHER_KIND);
        write_file(path, &ours, sizeof ours, at);
        map = open_file(path);
        CHECK_INT(int_at(map, "key"), 1);
        shared_map_close(&map);
    }
    remove_file(path);
}

TEST(other_memory, "a map that was made for a buffer is no map of a file")
{
    const char *path = new_path();
    char *buffer = must_calloc(1, FILE_SIZE);
    SharedMap *map = shared_map_new_in(buffer, FILE_SIZE);
    write_file(path, buffer, FILE_SIZE, 0);
    check_open_fails(path, FILE_SIZE, SHARED_MAP_DAMAGED);
    shared_map_free(&map);
    free(buffer);
    remove_file(path);
}

// Sizes

TEST(cut_off, "a file that is shorter or longer than its map is damaged")
{
    const char *path = new_path();
    shared_map_close(&(SharedMap *){ open_file(path) });
    for (off_t size = 2 * FILE_SIZE; size > 0; size -= size > 300 ? 101 : 1) {
        CHECK(truncate(path, size) == 0);
        MapProblem expected =
            size < 8 ? SHARED_MAP_UNKNOWN : SHARED_MAP_DAMAGED;
        if (size != FILE_SIZE)
            check_open_fails(path, FILE_SIZE, expected);
        CHECK_INT(size_of_file(path), size);
    }
    remove_file(path);
}

TEST(emptied, "a file that is emptied while it is in use is damaged")
{
    const char *path = new_path();
    SharedMap *map = open_file(path);
    CHECK(truncate(path, 0) == 0);
    check_open_fails(path, FILE_SIZE, SHARED_MAP_DAMAGED);
    CHECK_INT(size_of_file(path), 0);
    CHECK(truncate(path, FILE_SIZE) == 0);
    check_open_fails(path, FILE_SIZE, SHARED_MAP_UNKNOWN);
    (void)map;  // cannot be closed: it has lost even its owner
    remove_file(path);
}

static void read_cut_off(const char *path)
{
    SharedMap *map = open_file(path);
    CHECK(truncate(path, 0) == 0);
    signal(SIGBUS, SIG_DFL);  // a sanitizer would tell a long story
    shared_map_has(map, "key");
}

// So says the header.
TEST(cut_under_us, "whoever reads what was cut off in use is killed")
{
    const char *path = new_path();
    int status = 0;
    pid_t child = start_child(read_cut_off, path);
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status));
    CHECK_INT(WTERMSIG(status), SIGBUS);
    shared_map_close(&(SharedMap *){ open_file(path) });
    remove_file(path);
}

// Left behind

static void copy_file(const char *from, const char *to)
{
    static char bytes[FILE_SIZE];
    FILE *file = fopen(from, "r");
    CHECK(file && fread(bytes, 1, sizeof bytes, file) == sizeof bytes);
    fclose(file);
    write_file(to, bytes, sizeof bytes, 0);
}

// A machine that loses its power leaves such a file behind: a copy of it at one
// moment.
static void check_copy(const char *path)
{
    char copy[PATH_ROOM + 20];
    snprintf(copy, sizeof copy, "%s.copy", path);
    copy_file(path, copy);
    SharedMap *map = open_file(copy);
    CHECK_INT(int_at(map, "number"), 1);
    check_value(map, "text", value_text("text"));
    CHECK(shared_map_set_int(map, "number", 2));
    CHECK(shared_map_set_text(map, "text", "another text"));
    CHECK(shared_map_set_int(map, "new", 3));
    MapEntries *entries = shared_map_entries(map);
    CHECK_INT(entries->count, 3);
    free(entries);
    shared_map_close(&map);
    remove_file(copy);
}

TEST(left_locked, "a map that was locked and frozen when all was over opens")
{
    const char *path = new_path();
    SharedMap *map = open_file(path);
    CHECK(shared_map_set_int(map, "number", 1));
    CHECK(shared_map_set_text(map, "text", "text"));
    check_copy(path);
    lock_map_block(&map->block);
    check_copy(path);
    block_freeze(&map->block);
    check_copy(path);
    block_thaw(&map->block);
    block_unlock(&map->block);
    shared_map_close(&map);
    remove_file(path);
}

TEST(lock_bytes,
     "garbage in the lock of a file that nobody has open is no harm")
{
    const char *path = new_path();
    char garbage[sizeof(SharedLock)];
    SharedMap *map = open_file(path);
    CHECK(shared_map_set_int(map, "number", 1));
    CHECK(shared_map_set_text(map, "text", "text"));
    shared_map_close(&map);
    for (int byte = 0; byte < 256; byte++) {
        memset(garbage, byte, sizeof garbage);
        write_file(path, garbage, sizeof garbage,
                   offsetof(SharedMap, block) + offsetof(Block, lock));
        check_copy(path);
    }
    remove_file(path);
}

// Bugs

static void close_another(void)
{
    shared_map_close(&(SharedMap *){ shared_map_new() });
}

static void free_opened(void)
{
    shared_map_free(&(SharedMap *){ open_file(new_path()) });
}

TEST(mixed_up, "to close what was not opened dies, and so does to free a file")
{
    CHECK_DIES(close_another, "shared_map_close: this map did not come");
    CHECK_DIES(free_opened, "shared_map_free: this map came from");
}

TEST(words, "each problem has words of its own")
{
    errno = EFBIG;
    for (int i = SHARED_MAP_NO_PROBLEM; i <= SHARED_MAP_BUSY; i++) {
        const char *words = map_problem_words((MapProblem)i);
        CHECK(strlen(words) > 10);
        for (int j = SHARED_MAP_NO_PROBLEM; j < i; j++)
            CHECK(strcmp(words, map_problem_words((MapProblem)j)) != 0);
    }
    CHECK_TEXT(map_problem_words((MapProblem)(SHARED_MAP_BUSY + 1)),
               "there is no such problem");
}

// Memory with a name

static const char *new_name(void)
{
    static char name[60];
    snprintf(name, sizeof name, "test-of-shared-map-%ld", (long)getpid());
    return name;
}

static void use_memory(const char *name)
{
    SharedMap *map = shared_map_open_memory(name, 0, NULL);
    CHECK(map && shared_map_set_int(map, "key", 2));
    shared_map_close(&map);
}

TEST(memory, "a name in memory is as good as a file, until it is removed")
{
    const char *name = new_name();
    MapProblem problem;
    CHECK(shared_map_open_memory(name, 0, &problem) == NULL);
    CHECK_INT(problem, SHARED_MAP_REFUSED);
    SharedMap *map = shared_map_open_memory(name, FILE_SIZE, &problem);
    CHECK_INT(problem, SHARED_MAP_NO_PROBLEM);
    CHECK(map && shared_map_set_int(map, "key", 1));
    join_child(start_child(use_memory, name));
    CHECK_INT(int_at(map, "key"), 2);
    shared_map_close(&map);
    map = shared_map_open_memory(name, 0, &problem);
    CHECK(map && int_at(map, "key") == 2);
    shared_map_close(&map);
    CHECK(shared_map_remove_memory(name));
    CHECK(!shared_map_remove_memory(name));
    CHECK_INT(errno, ENOENT);
}

TEST(names, "a name that leads elsewhere is no name")
{
    const char *const names[] = { "", ".", "..", "a/b", "/a", "../shm/a" };
    char long_name[PATH_ROOM + 1];
    memset(long_name, 'x', PATH_ROOM);
    long_name[PATH_ROOM] = '\0';
    for (size_t i = 0; i <= COUNT(names); i++) {
        const char *name = i < COUNT(names) ? names[i] : long_name;
        MapProblem problem;
        CHECK(shared_map_open_memory(name, FILE_SIZE, &problem) == NULL);
        CHECK_INT(problem, SHARED_MAP_REFUSED);
        CHECK_INT(errno, EINVAL);
        CHECK(!shared_map_remove_memory(name));
    }
}
