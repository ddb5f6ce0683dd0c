// shared_map_file.h under faults.
#include "shared_map_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "faults.h"

enum { FILE_SIZE = 64 * 1024, PATH_ROOM = 300 };

static const char *path, *name;

typedef SharedMap *Open(size_t bytes, MapProblem *problem);

static SharedMap *open_path(size_t bytes, MapProblem *problem)
{
    return shared_map_open_until(path, bytes, problem, DEADLINE_NEVER);
}

static SharedMap *open_name(size_t bytes, MapProblem *problem)
{
    return shared_map_open_memory_until(name, bytes, problem, DEADLINE_NEVER);
}

// Not when the call is to be made again, or when the file's disk has no such
// call: then the file does without.
static bool is_a_reason(int error)
{
    return error != EINTR && error != ENOSYS && error != EINVAL &&
           error != EOPNOTSUPP && error != EPERM;
}

// A call that fails once is one problem: the system's, with its reason. Then
// there is a map. NULL: the call fails again.
static SharedMap *open_at_last(Open *open_it, size_t bytes)
{
    MapProblem problem = SHARED_MAP_DAMAGED;
    SharedMap *map = open_it(bytes, &problem);
    if (map == NULL) {
        const char *reason = strerror(errno);
        CHECK(fault_struck());
        CHECK_INT(problem, SHARED_MAP_REFUSED);
        CHECK_TEXT(map_problem_words(problem), reason);
        if (fault_lasts())
            return NULL;
        CHECK(is_a_reason(fault_error()));
        CHECK_TEXT(reason, strerror(fault_error()));
        map = open_it(bytes, &problem);
    }
    CHECK_TEXT(map_problem_words(problem),
               map_problem_words(SHARED_MAP_NO_PROBLEM));
    return map;
}

static void set_and_get(SharedMap *map, const char *key)
{
    long long number = 0;
    CHECK(shared_map_set_int(map, key, 7));
    CHECK(shared_map_get_int(map, key, &number) && number == 7);
}

static void open_again(Open *open_it, SharedMap *map)
{
    SharedMap *same = open_at_last(open_it, 0);
    if (same) {
        set_and_get(same, "shared");
        shared_map_close(&same);
    }
    set_and_get(map, "shared");
    shared_map_close(&map);
    map = open_at_last(open_it, FILE_SIZE);
    if (map) {
        CHECK_INT((long long)shared_map_size(map), 2);
        shared_map_close(&map);
    }
}

static void use(Open *open_it)
{
    SharedMap *map = open_at_last(open_it, FILE_SIZE);
    if (map) {
        set_and_get(map, "made");
        open_again(open_it, map);
    }
}

// A process may die at any moment: the file that it leaves keeps no other
// process from having a map.
static void begin(Open *open_it)
{
    MapProblem problem;
    let_calls_fail(false);
    SharedMap *map = open_it(FILE_SIZE, &problem);
    CHECK_TEXT(map_problem_words(problem),
               map_problem_words(SHARED_MAP_NO_PROBLEM));
    set_and_get(map, "left");
    shared_map_close(&map);
}

// A copy that fails leaves no file, and the next one does not fail.
static void copy(void)
{
    MapProblem problem;
    let_calls_fail(false);
    SharedMap *map = shared_map_new_sized(FILE_SIZE);
    set_and_get(map, "copied");
    shared_map_wait_at_most(map, 1000);
    let_calls_fail(true);
    if (!shared_map_copy_to(map, path, &problem)) {
        CHECK(fault_struck() && problem == SHARED_MAP_REFUSED);
        CHECK(access(path, F_OK) != 0);
    } else {
        SharedMap *reader = shared_map_open_read_only(path, &problem);
        if (reader) {
            long long number;
            CHECK(shared_map_get_int(reader, "copied", &number));
            shared_map_close(&reader);
        } else {
            CHECK(fault_struck() && problem == SHARED_MAP_REFUSED);
        }
        CHECK(shared_map_remove(path) || fault_struck());
    }
    shared_map_free(&map);
}

static void use_path(void)
{
    begin(open_path);
    CHECK(shared_map_remove(path));
    let_calls_fail(true);
    use(open_path);
    if (!shared_map_remove(path))
        CHECK(fault_struck() && (errno == fault_error() || fault_lasts()));
}

static void use_name(void)
{
    begin(open_name);
    CHECK(shared_map_remove_memory(name));
    let_calls_fail(true);
    use(open_name);
    if (!shared_map_remove_memory(name))
        CHECK(fault_struck() && (errno == fault_error() || fault_lasts()));
}

static const FaultOptions file_options = { .maps_may_fail = true,
                                           .says = "shared_map_close" };

TEST(files, "a map in a file")
{
    static char own[PATH_ROOM];
    const char *in = getenv("BATS_TEST_TMPDIR");
    snprintf(own, sizeof own, "%s/faults-%ld", in ? in : P_tmpdir,
             (long)getpid());
    path = own;
    try_faults(use_path, file_options);
    shared_map_remove(path);
}

TEST(copies, "a copy of a map")
{
    static char own[PATH_ROOM];
    const char *in = getenv("BATS_TEST_TMPDIR");
    snprintf(own, sizeof own, "%s/copy-%ld", in ? in : P_tmpdir,
             (long)getpid());
    path = own;
    try_faults(copy, file_options);
    shared_map_remove(path);
}

TEST(names, "a map in a named object")
{
    static char own[40];
    snprintf(own, sizeof own, "faults-%ld", (long)getpid());
    name = own;
    try_faults(use_name, file_options);
    shared_map_remove_memory(name);
}

// A buffer from elsewhere.

static void attach(void)
{
    MapProblem problem;
    SharedMap *map = shared_map_new_sized(FILE_SIZE);
    set_and_get(map, "a");
    if (shared_map_attach_checked(map, FILE_SIZE, &problem) == NULL)
        CHECK(fault_lasts() && problem == SHARED_MAP_REFUSED);
    CHECK(shared_map_attach_checked(map, 100, &problem) == NULL);
    CHECK(shared_map_open("/no/such/file", 0, &problem) == NULL);
    CHECK(shared_map_open_memory("no such name", 0, &problem) == NULL);
    set_and_get(map, "b");
    shared_map_free(&map);
}

TEST(attached, "a buffer that is looked at")
{
    try_faults(attach, (FaultOptions){ 0 });
}
