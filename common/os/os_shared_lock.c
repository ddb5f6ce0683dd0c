// A lock between processes: a robust mutex of POSIX, because only the kernel
// can tell that its holder has died (EOWNERDEAD). The next holder is told so,
// and repairs what the lock guards; it then marks the mutex as consistent. It
// also checks errors: a thread that waits for itself is told (EDEADLK).
#ifndef _GNU_SOURCE
#define _GNU_SOURCE  // pthread_mutex_clocklock
#endif
#include "base/base.h"

#include "os.h"

#include <time.h>

#include "os_has.h"

// Unless a build says so with -D (tests/proof/crash_points.h).
#ifndef WITH_THREAD_SANITIZER
#if defined(__has_feature)
#define WITH_THREAD_SANITIZER __has_feature(thread_sanitizer)
#elif defined(__SANITIZE_THREAD__)
#define WITH_THREAD_SANITIZER 1
#else
#define WITH_THREAD_SANITIZER 0
#endif
#endif

// Returns ENOTSUP also where the C library has robust mutexes, but not the
// kernel: an emulator may be without (ENOSYS), or a container forbid the call
// (EPERM). glibc says so in init, musl in setrobust.
static int make_mutex(pthread_mutex_t *mutex, bool robust)
{
    if (robust && !OS_HAS_ROBUST)
        return ENOTSUP;
    pthread_mutexattr_t attributes;
    must(pthread_mutexattr_init(&attributes));
    must(pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED));
    must(pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK));
    int error = 0;
#if OS_HAS_ROBUST
    if (robust &&
        pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST) != 0)
        error = ENOTSUP;
#endif
    if (error == 0)
        error = pthread_mutex_init(mutex, &attributes);
    must(pthread_mutexattr_destroy(&attributes));
    return error;
}

void shared_lock_init(SharedLock *lock)
{
    int error = make_mutex(&lock->mutex, true);
    must_be_zero(error == ENOTSUP ? make_mutex(&lock->mutex, false) : error,
                 "pthread_mutex_init");
}

void shared_lock_destroy(SharedLock *lock)
{
    must(pthread_mutex_destroy(&lock->mutex));
}

// To try, and then to wait for a moment, or until the deadline. The clock is
// the monotonic one where the C library has such a call. musl and FreeBSD have
// no other call than that of the wall clock: if that is set back by an hour in
// this moment, the wait may take an hour longer.
#if OS_HAS_ROBUST && !WITH_THREAD_SANITIZER

static int try_to_lock(pthread_mutex_t *mutex, Deadline deadline)
{
    (void)deadline;
    return pthread_mutex_trylock(mutex);
}

// A process that is killed after it was woken, and before it has the lock,
// takes the wake-up along (a lost wake-up): the others would sleep on while the
// lock is free. So each sleep is short, and then the process looks again.
static int lock_soon(pthread_mutex_t *mutex, Deadline deadline)
{
    const long long second = 1000 * 1000 * 1000;    // in ns
    const long long look_again = 20 * 1000 * 1000;  // ns
    const clockid_t clock = OS_HAS_CLOCKLOCK ? CLOCK_MONOTONIC : CLOCK_REALTIME;
    long long left = deadline_remaining_ns(deadline);
    struct timespec limit;
    must(clock_gettime(clock, &limit));
    long long end = limit.tv_nsec + (left < look_again ? left : look_again);
    limit.tv_sec += (time_t)(end / second);
    limit.tv_nsec = (long)(end % second);
#if OS_HAS_CLOCKLOCK
    return pthread_mutex_clocklock(mutex, clock, &limit);
#else
    return pthread_mutex_timedlock(mutex, &limit);
#endif
}

#else

// ThreadSanitizer and its kind do not know that a lock with a time limit can
// come from a dead holder: with them a process may hang, and tests that kill
// many at once do without them. macOS has no time limits.
static int try_to_lock(pthread_mutex_t *mutex, Deadline deadline)
{
    return deadline.ns == DEADLINE_NEVER.ns ? pthread_mutex_lock(mutex)
                                            : pthread_mutex_trylock(mutex);
}

static int lock_soon(pthread_mutex_t *mutex, Deadline deadline)
{
    _Atomic uint32_t word = 0;
    futex_wait(&word, 0, deadline_in_ms(1));
    return try_to_lock(mutex, deadline);
}

#endif

LockResult shared_lock_acquire(SharedLock *lock,
                               Deadline deadline) LOCKS_UNCHECKED
{
    int error = try_to_lock(&lock->mutex, deadline);
    while ((error == EBUSY || error == ETIMEDOUT) &&
           deadline_remaining_ns(deadline) > 0)
        error = lock_soon(&lock->mutex, deadline);
    if (error == EDEADLK)
        die("a signal handler made a call that waits for a lock which the "
            "interrupted call holds; make that call outside of the handler");
#if OS_HAS_ROBUST
    if (error == EOWNERDEAD) {
        must(pthread_mutex_consistent(&lock->mutex));
        return LOCK_OWNER_DIED;
    }
#endif
    if (error == EBUSY || error == ETIMEDOUT || error == EINVAL) {
        errno = error == EINVAL ? EINVAL : ETIMEDOUT;
        return LOCK_NOT_TAKEN;
    }
    must_be_zero(error, "pthread_mutex_lock");
    return LOCK_TAKEN;
}

void shared_lock_release(SharedLock *lock) LOCKS_UNCHECKED
{
    must(pthread_mutex_unlock(&lock->mutex));
}

// Asked once: it makes a mutex to see, and a map asks often. Relaxed: threads
// that ask at the same time store the same answer.
bool shared_lock_is_robust(void)
{
    enum { NOT_ASKED, NO, YES };
    static _Atomic int known;
    int robust = atomic_load_explicit(&known, memory_order_relaxed);
    if (robust == NOT_ASKED) {
        pthread_mutex_t mutex;
        int error = make_mutex(&mutex, true);
        must_be_zero(error == ENOTSUP ? 0 : error, "pthread_mutex_init");
        if (error == 0)
            must(pthread_mutex_destroy(&mutex));
        robust = error == 0 ? YES : NO;
        atomic_store_explicit(&known, robust, memory_order_relaxed);
    }
    return robust == YES;
}
