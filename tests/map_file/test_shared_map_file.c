// The promises of shared_map_file.h to processes that share a file: which one
// makes the map, which ones have it, and until when. Files that it refuses are
// in test_shared_map_file_problems.c.

#include "map_alone.h"
#include "shared_map_file.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>

#include "map/shared_map_internal.h"
#include "map_files.h"
#include "os/os.h"
#include "test.h"

TEST(stays, "what is set is there when the file is opened the next time")
{
    const char *path = new_path();
    char text[10];
    for (int i = 0; i < 5; i++) {
        SharedMap *map = open_file(path);
        CHECK_INT(shared_map_size(map), i == 0 ? 0 : 2);
        CHECK_INT(shared_map_add(map, "times", 1, NULL), SHARED_MAP_OK);
        CHECK_INT(int_at(map, "times"), i + 1);
        CHECK(i == 0 || shared_map_get_text(map, "a text with a long name",
                                            text, sizeof text));
        CHECK(shared_map_set_text(map, "a text with a long name", "text"));
        shared_map_close(&map);
    }
    remove_file(path);
}

TEST(size, "a new file has the size that was asked for, and keeps it")
{
    const char *path = new_path();
    shared_map_close(&(SharedMap *){ open_file(path) });
    CHECK_INT(size_of_file(path), FILE_SIZE);
    const size_t others[] = { 0, 1, FILE_SIZE / 2, 1 << 30 };
    for (size_t i = 0; i < COUNT(others); i++) {
        SharedMap *map = shared_map_open(path, others[i], NULL);
        CHECK(map && shared_map_set_int(map, "key", 1));
        shared_map_close(&map);
        CHECK_INT(size_of_file(path), FILE_SIZE);
    }
    remove_file(path);
}

TEST(mode, "a new file is its owner's alone, whatever the umask lets through")
{
    const char *path = new_path();
    struct stat status;
    umask(0);
    shared_map_close(&(SharedMap *){ open_file(path) });
    CHECK(stat(path, &status) == 0);
    CHECK_INT(status.st_mode & 07777, 0600);
    CHECK_INT(status.st_uid, geteuid());
    remove_file(path);
}

TEST(reserved, "a new file has its place on the disk, so that none is missing")
{
    must_reserve();
    const char *path = new_path();
    struct stat status;
    shared_map_close(&(SharedMap *){ open_file(path) });
    CHECK(stat(path, &status) == 0);
    CHECK(status.st_blocks * 512 >= FILE_SIZE);
    remove_file(path);
}

TEST(full, "a map in a file gets full, as any other, and goes on")
{
    const char *path = new_path();
    char key[20];
    int count = 0;
    SharedMap *map = open_file(path);
    do
        snprintf(key, sizeof key, "key %d", count++);
    while (shared_map_set_int(map, key, count));
    CHECK(count > 300);
    shared_map_close(&map);
    map = open_file(path);
    CHECK_INT(shared_map_size(map), count - 1);
    CHECK(!shared_map_set_int(map, key, count));
    shared_map_clear(map);
    CHECK(shared_map_set_int(map, key, count));
    shared_map_close(&map);
    remove_file(path);
}

// Other processes

static void be_second(const char *path)
{
    SharedMap *map = open_file(path);
    CHECK_INT(int_at(map, "question"), 6);
    CHECK(shared_map_set_int(map, "answer", 42));
    shared_map_close(&map);
}

// Runs this very test in a program of its own, which finds the path.
static void run_again(const char *path)
{
    CHECK(setenv("SECOND", path, 1) == 0);
    execl("/bin/sh", "sh", "-c", "exec $RUNNER \"$0\" another_program",
          test_program(), (char *)NULL);
    _Exit(127);
}

TEST(another_program, "a program that knows only the name shares the map")
{
    const char *second = getenv("SECOND");
    if (second) {
        be_second(second);
        return;
    }
    const char *path = new_path();
    SharedMap *map = open_file(path);
    CHECK(shared_map_set_int(map, "question", 6));
    join_child(start_child(run_again, path));
    CHECK_INT(int_at(map, "answer"), 42);
    shared_map_close(&map);
    CHECK(shared_map_remove(path));
}

static SharedMap *inherited;

static void use_and_close(const char *path)
{
    CHECK_INT(int_at(inherited, "key"), 1);
    CHECK(shared_map_set_int(inherited, "key", 2));
    shared_map_close(&inherited);
    SharedMap *map = open_file(path);
    CHECK_INT(int_at(map, "key"), 2);
    CHECK(shared_map_set_int(map, "key", 3));
    shared_map_close(&map);
}

TEST(forked, "a child has its parent's map, and closes it for itself alone")
{
    const char *path = new_path();
    inherited = open_file(path);
    CHECK(shared_map_set_int(inherited, "key", 1));
    join_child(start_child(use_and_close, path));
    CHECK_INT(int_at(inherited, "key"), 3);
    shared_map_close(&inherited);
    remove_file(path);
}

enum { CHILDREN = 3, OPENINGS = 100, ADDITIONS = 30 };

static void count_up(const char *path)
{
    for (int i = 0; i < OPENINGS; i++) {
        SharedMap *map = open_file(path);
        for (int j = 0; j < ADDITIONS; j++) {
            CHECK_INT(shared_map_add(map, "added", 1, NULL), SHARED_MAP_OK);
            CHECK_INT(shared_map_update(map, "changed", add_one, NULL),
                      SHARED_MAP_OK);
            CHECK(shared_map_set_text(map, "comes and goes", "some text"));
            shared_map_delete(map, "comes and goes");
        }
        shared_map_close(&map);
    }
}

TEST(counting, "processes that open, add and close all the time lose nothing")
{
    const char *path = new_path();
    pid_t children[CHILDREN];
    for (int i = 0; i < CHILDREN; i++)
        children[i] = start_child(count_up, path);
    for (int i = 0; i < CHILDREN; i++)
        join_child(children[i]);
    SharedMap *map = open_file(path);
    CHECK_INT(int_at(map, "added"), CHILDREN * OPENINGS * ADDITIONS);
    CHECK_INT(int_at(map, "changed"), CHILDREN * OPENINGS * ADDITIONS);
    shared_map_close(&map);
    remove_file(path);
}

TEST(twice, "a process may open a map twice, and close it twice")
{
    const char *path = new_path();
    SharedMap *one = open_file(path), *two = open_file(path);
    CHECK(one != two);
    CHECK(shared_map_set_int(one, "key", 1));
    CHECK_INT(int_at(two, "key"), 1);
    shared_map_close(&one);
    CHECK(shared_map_set_int(two, "key", 2));
    shared_map_close(&two);
    remove_file(path);
}

// At the same time

enum { RACES = 200, RACERS = 2 };

static _Atomic int *arrived;

static void race(const char *path)
{
    atomic_fetch_add(arrived, 1);
    while (atomic_load(arrived) < RACERS)
        continue;
    SharedMap *map = open_file(path);
    CHECK_INT(shared_map_add(map, "here", 1, NULL), SHARED_MAP_OK);
    while (int_at(map, "here") < RACERS)
        sched_yield();
    shared_map_close(&map);
}

TEST(racing, "of two that open a new file at once both have the same map")
{
    const char *path = new_path();
    arrived = memory_reserve(sizeof *arrived);
    for (int i = 0; i < RACES; i++) {
        pid_t racers[RACERS];
        atomic_store(arrived, 0);
        for (int j = 0; j < RACERS; j++)
            racers[j] = start_child(race, path);
        for (int j = 0; j < RACERS; j++)
            join_child(racers[j]);
        SharedMap *map = open_file(path);
        CHECK_INT(int_at(map, "here"), RACERS);
        shared_map_close(&map);
        remove_file(path);
    }
    memory_release((void *)arrived, sizeof *arrived);
}

static void open_and_wait(const char *path)
{
    open_file(path);
    pause();
}

// Wherever it is killed.
TEST(makers, "a map that is being made when its maker is killed is made anew")
{
    const char *path = new_path();
    unsigned random = 1;
    for (int i = 0; i < RACES; i++) {
        pid_t child = start_child(open_and_wait, path);
        for (unsigned j = 0; j < random >> 24; j++)
            sched_yield();
        random = random * 1103515245 + 12345;
        CHECK(kill(child, SIGKILL) == 0);
        SharedMap *map = open_file(path);
        CHECK_INT(shared_map_add(map, "key", 1, NULL), SHARED_MAP_OK);
        CHECK_INT(int_at(map, "key"), 1);
        CHECK(waitpid(child, NULL, 0) == child);
        shared_map_close(&map);
        remove_file(path);
    }
}

TEST(unfinished, "what a killed maker left behind is no map, and becomes one")
{
    const char *path = new_path();
    for (size_t size = 8; size <= 2 * FILE_SIZE; size *= 2) {
        write_file(path, "MapSoon", 8, 0);
        CHECK(truncate(path, (off_t)size) == 0);
        check_open_fails(path, 0, SHARED_MAP_UNKNOWN);
        shared_map_close(&(SharedMap *){ open_file(path) });
        CHECK_INT(size_of_file(path), FILE_SIZE);
        remove_file(path);
    }
}

// The processes that have it open

static void open_and_set(const char *path)
{
    SharedMap *map = open_file(path);
    CHECK(shared_map_set_int(map, "key", 2));
    shared_map_close(&map);
}

TEST(in_use, "who opens a map that is in use waits for its lock, and keeps it")
{
    const char *path = new_path();
    SharedMap *map = open_file(path);
    CHECK(shared_map_set_int(map, "key", 1));
    lock_map_block(&map->block);
    pid_t child = start_child(open_and_set, path);
    test_let_others_run();
    CHECK_INT(waitpid(child, NULL, WNOHANG), 0);
    CHECK_INT(int_at(map, "key"), 1);
    block_unlock(&map->block);
    join_child(child);
    CHECK_INT(int_at(map, "key"), 2);
    shared_map_close(&map);
    remove_file(path);
}

TEST(in_a_child, "a map is in use while a child has it that was forked")
{
    const char *path = new_path();
    SharedMap *map = open_file(path);
    pid_t child = fork();
    if (child == 0) {
        lock_map_block(&map->block);
        kill(getpid(), SIGSTOP);
        block_unlock(&map->block);
        _Exit(0);
    }
    CHECK(waitpid(child, NULL, WUNTRACED) == child);
    shared_map_close(&map);
    pid_t other = start_child(open_and_set, path);
    test_let_others_run();
    CHECK_INT(waitpid(other, NULL, WNOHANG), 0);
    CHECK(kill(child, SIGCONT) == 0);
    join_child(child);
    join_child(other);
    remove_file(path);
}

TEST(removed, "a map that is removed stays for those who have it")
{
    const char *path = new_path();
    SharedMap *old = open_file(path);
    CHECK(shared_map_set_int(old, "key", 1));
    remove_file(path);
    SharedMap *new = open_file(path);
    CHECK(!shared_map_has(new, "key"));
    CHECK(shared_map_set_int(new, "key", 2));
    CHECK_INT(int_at(old, "key"), 1);
    shared_map_close(&old);
    shared_map_close(&new);
    remove_file(path);
    CHECK(!shared_map_remove(path));
    CHECK_INT(errno, ENOENT);
}

static int next_descriptor(void)
{
    int file = dup(0);
    CHECK(file >= 0 && close(file) == 0);
    return file;
}

TEST(descriptors, "whatever is opened is closed, also after a failure")
{
    const char *path = new_path();
    int before = next_descriptor();
    for (int i = 0; i < 3; i++) {
        shared_map_close(&(SharedMap *){ open_file(path) });
        check_open_fails(folder, FILE_SIZE, SHARED_MAP_REFUSED);
        CHECK(truncate(path, FILE_SIZE / 2) == 0);
        check_open_fails(path, FILE_SIZE, SHARED_MAP_DAMAGED);
        remove_file(path);
        check_open_fails(path, 100, SHARED_MAP_TOO_SMALL);
        check_open_fails(path, 0, SHARED_MAP_UNKNOWN);
        CHECK(chmod(path, 0644) == 0);
        check_open_fails(path, FILE_SIZE, SHARED_MAP_NOT_OURS);
        remove_file(path);
    }
    CHECK_INT(next_descriptor(), before);
}

// A call with a map that was closed, and what must be said of it.
static SharedMap *closed;
static long long number;

#define CALL(name, function, ...)                                              \
    static void name(void)                                                     \
    {                                                                          \
        function(__VA_ARGS__);                                                 \
    }                                                                          \
    static const char said_of_##name[] =                                       \
        __FILE__ ":" COMMON_LINE ": " #function                                \
                 ": the map is NULL: it was freed or closed, or never made";

CALL(close_again, shared_map_close, &closed)
CALL(get_from_it, shared_map_get_int, closed, "key", &number)

TEST(no_opened_map, "a map that was opened is NULL after its end")
{
    closed = open_file(new_path());
    shared_map_close(&closed);
    CHECK(closed == NULL);
    CHECK_DIES(close_again, said_of_close_again);
    CHECK_DIES(get_from_it, said_of_get_from_it);
}
