// The lock between processes: its deadline, holders that end, and a thread that
// would wait for itself. This program brings its own os_shared_lock.c, for
// which the wall clock is an hour ahead; the library's is left out.
#define _GNU_SOURCE
#include <time.h>

// Unused where there are no waits with a limit.
__attribute__((unused)) static int look_at_clock(clockid_t clock,
                                                 struct timespec *time)
{
    int result = clock_gettime(clock, time);
    time->tv_sec += clock == CLOCK_REALTIME ? 3600 : 0;
    return result;
}

#define clock_gettime look_at_clock
#include "os/os_shared_lock.c"
#undef clock_gettime

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

static SharedLock *new_lock(void)
{
    SharedLock *lock = memory_reserve(sizeof *lock);
    CHECK(lock != NULL);
    shared_lock_init(lock);
    return lock;
}

// Clang does not follow a lock through CHECK.
static LockResult take(SharedLock *lock, Deadline deadline) LOCKS_UNCHECKED
{
    return shared_lock_acquire(lock, deadline);
}

static void give_back(SharedLock *lock) LOCKS_UNCHECKED
{
    shared_lock_release(lock);
}

// Starts a process that takes the lock, and stops there.
static pid_t start_holder(SharedLock *lock)
{
    pid_t holder = fork();
    CHECK(holder >= 0);
    if (holder == 0) {
        CHECK_INT(take(lock, DEADLINE_NOW), LOCK_TAKEN);
        raise(SIGSTOP);
        give_back(lock);
        _exit(0);
    }
    int status;
    CHECK(waitpid(holder, &status, WUNTRACED) == holder && WIFSTOPPED(status));
    return holder;
}

static void end_holder(pid_t holder, int signal)
{
    CHECK(kill(holder, signal) == 0);
    CHECK(waitpid(holder, NULL, 0) == holder);
}

TEST(deadline, "a wait for a process that is stopped ends at its deadline")
{
#if OS_HAS_ROBUST && !OS_HAS_CLOCKLOCK
    test_skip("this C library waits by the wall clock");
#endif
    SharedLock *lock = new_lock();
    pid_t holder = start_holder(lock);
    CHECK_INT(take(lock, DEADLINE_NOW), LOCK_NOT_TAKEN);
    const int waits[] = { 1, 30, 70 };
    for (int i = 0; i < 3; i++) {
        Deadline deadline = deadline_in_ms(waits[i]);
        CHECK_INT(take(lock, deadline), LOCK_NOT_TAKEN);
        CHECK(deadline_remaining_ns(deadline) == 0);
    }
    end_holder(holder, SIGCONT);
    CHECK_INT(take(lock, DEADLINE_NOW), LOCK_TAKEN);
    give_back(lock);
}

TEST(died, "the process that comes after a killed holder is told so, once")
{
    const char *emulator = getenv("RUNNER");
    if (!shared_lock_is_robust() || (emulator && *emulator))
        test_skip("there are no robust mutexes here");
    SharedLock *lock = new_lock();
    const Deadline deadlines[] = { DEADLINE_NOW, deadline_in_ms(1000 * 1000),
                                   DEADLINE_NEVER };
    for (int i = 0; i < 3; i++) {
        end_holder(start_holder(lock), SIGKILL);
        CHECK_INT(take(lock, deadlines[i]), LOCK_OWNER_DIED);
        give_back(lock);
        CHECK_INT(take(lock, deadlines[i]), LOCK_TAKEN);
        give_back(lock);
    }
}

static void lock_twice(void)
{
    SharedLock *lock = new_lock();
    take(lock, DEADLINE_NEVER);
    take(lock, DEADLINE_NEVER);
}

TEST(own, "a thread that would wait for itself ends the process")
{
    CHECK_DIES(lock_twice,
               "common: a signal handler made a call that waits for a lock "
               "which the interrupted call holds; make that call outside of "
               "the handler");
}
