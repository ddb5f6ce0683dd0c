// A lock between processes: a robust mutex of POSIX, because only the kernel
// can tell that its holder has died (EOWNERDEAD). The next holder is told so,
// and repairs what the lock guards; it then marks the mutex as consistent.
#include "base/base.h"

#include "os.h"

#include <time.h>

// PTHREAD_MUTEX_ROBUST cannot be asked for by #ifdef: on glibc it is an enum.
#if defined(__linux__) || defined(__FreeBSD__)
#define HAVE_ROBUST 1
#else
#define HAVE_ROBUST 0
#endif

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
// kernel.
static int make_mutex(pthread_mutex_t *mutex, bool robust)
{
    if (robust && !HAVE_ROBUST)
        return ENOTSUP;
    pthread_mutexattr_t attributes;
    must(pthread_mutexattr_init(&attributes));
    must(pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED));
#if HAVE_ROBUST
    if (robust)
        must(pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST));
#endif
    int error = pthread_mutex_init(mutex, &attributes);
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

// A process that is killed after it was woken, and before it has the lock,
// takes the wake-up along (a lost wake-up): the others would sleep on while the
// lock is free. So each sleep is short, and then the process looks again.
// ThreadSanitizer and its kind do not know that a lock with a time limit can
// come from a dead holder: with them a process may hang, and tests that kill
// many at once do without them.
bool shared_lock_acquire(SharedLock *lock) LOCKS_UNCHECKED
{
#if HAVE_ROBUST && !WITH_THREAD_SANITIZER
    const long second = 1000 * 1000 * 1000;    // in ns
    const long look_again = 20 * 1000 * 1000;  // ns
    int error = pthread_mutex_trylock(&lock->mutex);
    while (error == EBUSY || error == ETIMEDOUT) {
        struct timespec limit;
        must(clock_gettime(CLOCK_REALTIME, &limit));
        limit.tv_nsec += look_again;
        limit.tv_sec += limit.tv_nsec / second;
        limit.tv_nsec %= second;
        error = pthread_mutex_timedlock(&lock->mutex, &limit);
    }
#else
    int error = pthread_mutex_lock(&lock->mutex);
#endif
#if HAVE_ROBUST
    if (error == EOWNERDEAD) {
        must(pthread_mutex_consistent(&lock->mutex));
        return false;
    }
#endif
    must_be_zero(error, "pthread_mutex_lock");
    return true;
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
