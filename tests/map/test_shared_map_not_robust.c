// The map on a kernel without robust mutexes, as an emulator's may be, where
// the C library has them. This program brings its own os_shared_lock.c,
// which is told that there are none; the library's is left out. glibc says so
// when a mutex is made; musl hands on the error of a system call before that.
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>

#include "os/os_has.h"

static int refused;
static int error_of_musl;  // 0: as glibc does

static int init_mutex(pthread_mutex_t *mutex,
                      const pthread_mutexattr_t *attributes)
{
#if OS_HAS_ROBUST
    int kind = PTHREAD_MUTEX_STALLED;
    if (attributes)
        pthread_mutexattr_getrobust(attributes, &kind);
    if (kind == PTHREAD_MUTEX_ROBUST) {
        refused++;
        return ENOTSUP;
    }
#endif
    return pthread_mutex_init(mutex, attributes);
}

#if OS_HAS_ROBUST
static int set_robust(pthread_mutexattr_t *attributes, int kind)
{
    int error = error_of_musl ? error_of_musl
                              : pthread_mutexattr_setrobust(attributes, kind);
    refused += error != 0;
    return error;
}
#endif

#define pthread_mutex_init init_mutex
#define pthread_mutexattr_setrobust set_robust
#include "os/os_shared_lock.c"
#undef pthread_mutex_init
#undef pthread_mutexattr_setrobust

#include "map_threads.h"
#include "shared_map.h"
#include "test.h"

enum { TIMES = 10 * 1000 };

TEST(says_so, "the lock says that it is not robust")
{
    CHECK(!shared_lock_is_robust());
}

static void add(WorkerContext *self)
{
    long long number;
    SharedMap *map = attach_together(self, &number);
    for (int i = 0; i < TIMES; i++) {
        CHECK_INT(shared_map_add(map, "sum", 1, &number), SHARED_MAP_OK);
        CHECK(shared_map_set_text(map, "text", i % 2 ? "a" : "another"));
    }
}

static void use_map(void)
{
    CHECK(!shared_lock_is_robust());
    SharedMap *map = shared_map_new();
    CHECK(refused > 0 || !OS_HAS_ROBUST);
    run_in_threads(map, add);
    CHECK_INT(int_at(map, "sum"), THREADS * TIMES);
    CHECK(shared_map_set_text(map, "text", "at last"));
    shared_map_free(&map);
}

TEST(works, "all of the map works but for what needs a robust lock")
{
    use_map();
}

TEST(no_call, "and where the system call is missing")
{
    error_of_musl = ENOSYS;
    use_map();
}

TEST(not_allowed, "and where a container does not allow the system call")
{
    error_of_musl = EPERM;
    use_map();
}
