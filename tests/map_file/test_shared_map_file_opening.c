// Many processes open one new file, and some of them are killed or stopped on
// the way. This program brings its own map_file/, in which a process can be
// stopped before each of its system calls; the library's is left out.
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

static int calls, stop_at;  // number of the call; 0: none

#define STOP_BEFORE(call) (++calls == stop_at ? raise(SIGSTOP) : 0, call)
#define flock(...) STOP_BEFORE(flock(__VA_ARGS__))
#define ftruncate(...) STOP_BEFORE(ftruncate(__VA_ARGS__))
#define mmap(...) STOP_BEFORE(mmap(__VA_ARGS__))
#define pread(...) STOP_BEFORE(pread(__VA_ARGS__))
#define pwrite(...) STOP_BEFORE(pwrite(__VA_ARGS__))
#define posix_fallocate(...) STOP_BEFORE(posix_fallocate(__VA_ARGS__))
#define IN_COMMON
#include "map/shared_map_internal.h"

static bool stop_in_check;

static void stop_or_init(SharedLock *lock)
{
    if (stop_in_check)
        raise(SIGSTOP);
    shared_lock_init(lock);
}

#undef shared_lock_init
#define shared_lock_init stop_or_init
#include "map/map_check.c"
#undef shared_lock_init
#define shared_lock_init common_shared_lock_init

#include "map_file/shared_file.c"
#include "map_file/shared_map_file.c"
#undef flock
#undef IN_COMMON

#include <errno.h>
#include <string.h>

#include "map_alone.h"
#include "map_files.h"
#include "os/os.h"
#include "test.h"

enum { MOST_CALLS = 100, TOO_FEW = 64 };

static void open_and_stop(const char *path)
{
    calls = 0;
    SharedMap *map = shared_map_open(path, FILE_SIZE, NULL);
    shared_map_set_int(map, "left", 1);
}

// Starts a process that opens the map and stops before this call. Returns 0 if
// it has ended before that.
static pid_t start_stopped(const char *path, int before)
{
    int status;
    stop_at = before;
    pid_t child = start_child(open_and_stop, path);
    stop_at = 0;
    CHECK(waitpid(child, &status, WUNTRACED) == child);
    return WIFSTOPPED(status) ? child : 0;
}

static void kill_child(pid_t child)
{
    CHECK(kill(child, SIGKILL) == 0);
    CHECK(waitpid(child, NULL, 0) == child);
}

static void open_and_add(const char *path)
{
    SharedMap *map = open_file(path);
    CHECK_INT(shared_map_add(map, "here", 1, NULL), SHARED_MAP_OK);
}

static void open_too_small(const char *path)
{
    MapProblem problem;
    SharedMap *map = shared_map_open(path, TOO_FEW, &problem);
    CHECK(map || problem == SHARED_MAP_TOO_SMALL);
}

static void poll_for_map(const char *path)
{
    MapProblem problem;
    while (!shared_map_open(path, 0, &problem))
        CHECK(problem == SHARED_MAP_UNKNOWN ||
              (problem == SHARED_MAP_REFUSED && errno == ENOENT));
}

static const char *prepared(const char *path, bool is_there)
{
    unlink(path);
    if (is_there)
        shared_map_close(&(SharedMap *){ open_file(path) });
    return path;
}

// Of `most` processes every fourth asks for too few bytes, or polls for a map
// that is there.
static void kill_before_call(const char *path, pid_t stopped, int most)
{
    pid_t waiting[100];
    for (int i = 0; i < most; i++)
        waiting[i] = start_child(i % 4 == 1   ? open_too_small
                                 : i % 4 == 2 ? poll_for_map
                                              : open_and_add,
                                 path);
    test_let_others_run();
    kill_child(stopped);
    for (int i = 0; i < most; i++)
        join_child(waiting[i]);
    SharedMap *map = open_file(path);
    CHECK_INT(int_at(map, "here"), most / 2);
    shared_map_close(&map);
}

// The last process to have it leaves a lock that is garbage.
static void spoil_lock(const char *path)
{
    char garbage[sizeof(SharedLock)];
    memset(garbage, 0x5a, sizeof garbage);
    write_file(path, garbage, sizeof garbage,
               offsetof(SharedMap, block) + offsetof(Block, lock));
}

TEST(killed, "a maker is killed before any call: all others get a map")
{
    const char *path = new_path();
    int points = 0;
    for (int is_there = 0; is_there < 2; is_there++) {
        pid_t stopped;
        for (int call = 1; call < MOST_CALLS; call++, points++) {
            prepared(path, is_there);
            if (is_there)
                spoil_lock(path);
            if ((stopped = start_stopped(path, call)) == 0)
                break;
            kill_before_call(path, stopped, 8);
        }
    }
    CHECK(points > 10 && points < MOST_CALLS);
    remove_file(path);
}

TEST(many, "a maker is killed while few or many wait: all of them get a map")
{
    const char *path = new_path();
    const int most[] = { 2, 32, 100 };
    for (int i = 0; i < 3; i++) {
        pid_t stopped = start_stopped(prepared(path, false), 5);
        CHECK(stopped != 0);
        kill_before_call(path, stopped, most[i]);
    }
    remove_file(path);
}

TEST(too_few, "of processes that all ask for too few bytes each is told so")
{
    enum { MANY = 16 };
    const char *path = new_path();
    pid_t stopped = start_stopped(path, 5), waiting[MANY];
    for (int i = 0; i < MANY; i++)
        waiting[i] = start_child(open_too_small, path);
    test_let_others_run();
    kill_child(stopped);
    for (int i = 0; i < MANY; i++)
        join_child(waiting[i]);
    CHECK_INT(size_of_file(path), 0);
    remove_file(path);
}

// Deadlines

static MapProblem open_for_ms(const char *path, int ms)
{
    MapProblem problem;
    Deadline end = ms ? deadline_in_ms(ms) : DEADLINE_NOW;
    SharedMap *map = shared_map_open_until(path, FILE_SIZE, &problem, end);
    CHECK((map == NULL) == (problem == SHARED_MAP_BUSY));
    CHECK(map || deadline_remaining_ns(end) == 0);
    if (map)
        shared_map_close(&map);
    return problem;
}

TEST(stopped, "an open gives up at its deadline while another one is stopped")
{
    const char *path = new_path();
    int in_vain = 0;
    for (int call = 1; call < MOST_CALLS; call++) {
        pid_t stopped = start_stopped(prepared(path, call % 2), call);
        if (stopped == 0)
            break;
        bool gave_up = open_for_ms(path, 0) == SHARED_MAP_BUSY;
        if (gave_up)
            CHECK_INT(open_for_ms(path, 30), SHARED_MAP_BUSY);
        in_vain += gave_up;
        CHECK(kill(stopped, SIGCONT) == 0);
        join_child(stopped);
        CHECK_INT(open_for_ms(path, 0), SHARED_MAP_NO_PROBLEM);
    }
    CHECK(in_vain >= 5 + OS_HAS_FALLOCATE);
    remove_file(path);
}

static void lock_and_stop(const char *path)
{
    SharedMap *map = open_file(path);
    lock_map_block(&map->block);
    raise(SIGSTOP);
    block_unlock(&map->block);
}

TEST(in_a_call, "an open gives up while another process is stopped in a call")
{
    const char *path = new_path();
    pid_t child = start_child(lock_and_stop, path);
    CHECK(waitpid(child, NULL, WUNTRACED) == child);
    const int waits[] = { 0, 30, 250 };
    for (int i = 0; i < 3; i++)
        CHECK_INT(open_for_ms(path, waits[i]), SHARED_MAP_BUSY);
    CHECK(kill(child, SIGCONT) == 0);
    join_child(child);
    CHECK_INT(open_for_ms(path, 0), SHARED_MAP_NO_PROBLEM);
    remove_file(path);
}

// Killed in the check

// A process that was alone leaves such a map: it had begun to make a new lock.
static void leave_unchecked(const char *path)
{
    const uint64_t none = 0;
    shared_map_close(&(SharedMap *){ open_file(path) });
    spoil_lock(path);
    write_file(path, &none, sizeof none, offsetof(SharedMap, identity));
}

// Another process uses the file in the same moment, and has not checked it.
static void check_unchecked(const char *path, int kind)
{
    int file = open(path, O_RDWR);
    CHECK(file >= 0 && flock(file, kind) == 0);
    CHECK_INT(open_for_ms(path, 0), SHARED_MAP_BUSY);
    CHECK_INT(open_for_ms(path, 150), SHARED_MAP_BUSY);
    CHECK(close(file) == 0);
    CHECK_INT(open_for_ms(path, 0), SHARED_MAP_NO_PROBLEM);
}

TEST(unchecked, "a lock that was half made is never trusted")
{
    const char *path = new_path();
    leave_unchecked(path);
    check_unchecked(path, LOCK_SH);
    leave_unchecked(path);
    check_unchecked(path, LOCK_EX);
    remove_file(path);
}

TEST(in_the_check, "a process that is killed as it makes the lock says so")
{
    const char *path = prepared(new_path(), true);
    stop_in_check = true;
    pid_t child = start_child(open_and_stop, path);
    stop_in_check = false;
    CHECK(waitpid(child, NULL, WUNTRACED) == child);
    kill_child(child);
    check_unchecked(path, LOCK_SH);
    remove_file(path);
}

// A maker is alone, and has not begun to check: it is killed between the two
// looks of an opener, which finds garbage for a lock.
static void kill_between_looks(const char *path, int looks)
{
    spoil_lock(prepared(path, true));
    pid_t maker = start_stopped(path, 2);
    pid_t opener = start_stopped(path, looks);
    CHECK(maker && opener);
    kill_child(maker);
    CHECK(kill(opener, SIGCONT) == 0);
    join_child(opener);
    SharedMap *map = open_file(path);
    CHECK_INT(int_at(map, "left"), 1);
    shared_map_close(&map);
}

TEST(between_looks, "a maker is killed just before another process looks again")
{
    const char *path = new_path();
    for (int looks = 1; looks < 10; looks++)
        kill_between_looks(path, looks);
    remove_file(path);
}

static void change_without_lock(void)
{
    const char *path = new_path();
    SharedMap *map = open_file(path);
    spoil_lock(path);
    remove_file(path);
    shared_map_set_int(map, "key", 1);
}

TEST(overwritten, "a change of a map whose lock was overwritten says so")
{
#ifndef __GLIBC__
    test_skip("this C library may take garbage for a lock that is taken");
#endif
    CHECK_DIES(change_without_lock,
               "common: pthread_mutex_lock: Invalid argument");
}

// Empty and locked shared: an emptied map that is in use, as it seems. But then
// the file is free, before the processes that wait can be sure.
TEST(seems_used, "processes that look for the users of a file are in no way")
{
    enum { MANY = 8 };
    pid_t waiting[MANY];
    const char *path = new_path();
    int file = open(path, O_RDWR | O_CREAT, 0600);
    CHECK(file >= 0 && flock(file, LOCK_SH) == 0);
    for (int i = 0; i < MANY; i++)
        waiting[i] = start_child(open_and_add, path);
    test_let_others_run();
    CHECK(flock(file, LOCK_UN) == 0);
    for (int i = 0; i < MANY; i++)
        join_child(waiting[i]);
    CHECK(close(file) == 0);
    remove_file(path);
}
