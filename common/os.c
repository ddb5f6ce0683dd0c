#define _GNU_SOURCE  // pthread_setname_np on Linux
#include "os.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#if defined(__FreeBSD__) || defined(__OpenBSD__)
#include <pthread_np.h>
#endif

#include "die.h"

// PTHREAD_MUTEX_ROBUST cannot be asked for by #ifdef: on glibc it is an enum.
#if defined(__linux__) || defined(__FreeBSD__)
#define HAVE_ROBUST 1
#else
#define HAVE_ROBUST 0
#endif

void lock_init(Lock *lock)
{
    must(pthread_mutex_init(&lock->mutex, NULL));
}

void lock_destroy(Lock *lock)
{
    must(pthread_mutex_destroy(&lock->mutex));
}

void lock_acquire(Lock *lock)
{
    must(pthread_mutex_lock(&lock->mutex));
}

void lock_release(Lock *lock)
{
    must(pthread_mutex_unlock(&lock->mutex));
}

void waiter_init(Waiter *waiter)
{
    lock_init(&waiter->lock);
    waiter->woken = false;
    pthread_condattr_t attributes;
    must(pthread_condattr_init(&attributes));
#ifndef __APPLE__  // which waits for a span of time instead
    must(pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC));
#endif
    must(pthread_cond_init(&waiter->condition, &attributes));
    must(pthread_condattr_destroy(&attributes));
}

void waiter_destroy(Waiter *waiter)
{
    must(pthread_cond_destroy(&waiter->condition));
    lock_destroy(&waiter->lock);
}

void waiter_wake(Waiter *waiter)
{
    lock_acquire(&waiter->lock);
    waiter->woken = true;
    // Under the lock: once it is released, the sleeper may destroy both.
    must(pthread_cond_signal(&waiter->condition));
    lock_release(&waiter->lock);
}

static struct timespec as_timespec(long long ns)
{
    return (struct timespec){ .tv_sec = (time_t)(ns / 1000000000LL),
                              .tv_nsec = (long)(ns % 1000000000LL) };
}

// One wait. It may end early, as every wait on a condition may.
static void wait_once(Waiter *waiter, Deadline deadline)
{
    pthread_mutex_t *mutex = &waiter->lock.mutex;
    int error;
    if (deadline.ns == DEADLINE_NEVER.ns) {
        error = pthread_cond_wait(&waiter->condition, mutex);
    } else {
#ifdef __APPLE__
        struct timespec span = as_timespec(deadline_remaining_ns(deadline));
        error = pthread_cond_timedwait_relative_np(&waiter->condition, mutex,
                                                   &span);
#else
        struct timespec until = as_timespec(deadline.ns);
        error = pthread_cond_timedwait(&waiter->condition, mutex, &until);
#endif
    }
    must(error == ETIMEDOUT ? 0 : error);
}

bool waiter_sleep(Waiter *waiter, Deadline deadline)
{
    lock_acquire(&waiter->lock);
    while (!waiter->woken && deadline_remaining_ns(deadline) > 0)
        wait_once(waiter, deadline);
    bool woken = waiter->woken;
    waiter->woken = false;
    lock_release(&waiter->lock);
    return woken;
}

void shared_lock_init(SharedLock *lock)
{
    pthread_mutexattr_t attributes;
    must(pthread_mutexattr_init(&attributes));
    must(pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED));
#if HAVE_ROBUST
    must(pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST));
#endif
    must(pthread_mutex_init(&lock->mutex, &attributes));
    must(pthread_mutexattr_destroy(&attributes));
}

void shared_lock_destroy(SharedLock *lock)
{
    must(pthread_mutex_destroy(&lock->mutex));
}

bool shared_lock_acquire(SharedLock *lock)
{
    int error = pthread_mutex_lock(&lock->mutex);
#if HAVE_ROBUST
    if (error == EOWNERDEAD) {
        must(pthread_mutex_consistent(&lock->mutex));
        return false;
    }
#endif
    must_be_zero(error, "pthread_mutex_lock");
    return true;
}

void shared_lock_release(SharedLock *lock)
{
    must(pthread_mutex_unlock(&lock->mutex));
}

bool shared_lock_is_robust(void)
{
    return HAVE_ROBUST;
}

// Before main, because a stream's buffering may only be set before its first
// output. A line that a thread prints appears at once, and whole: printf holds
// the stream's lock until the line is written.
__attribute__((constructor)) static void print_lines_at_once(void)
{
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
}

int thread_start(pthread_t *thread, void *(*run)(void *), void *arg)
{
    return pthread_create(thread, NULL, run, arg);
}

// A name is a help, not a promise: that it could not be set is no error.
void thread_set_name(const char *name)
{
    char cut[16];  // Linux refuses longer ones instead of cutting them
    snprintf(cut, sizeof cut, "%s", name);
#if defined(__APPLE__)
    pthread_setname_np(cut);
#elif defined(__FreeBSD__) || defined(__OpenBSD__)
    pthread_set_name_np(pthread_self(), cut);
#elif defined(__NetBSD__)
    pthread_setname_np(pthread_self(), "%s", cut);
#else
    pthread_setname_np(pthread_self(), cut);
#endif
}

// Not by an address: a thread that has ended leaves that to the next one.
unsigned long thread_number(void)
{
    static _Atomic unsigned long last;
    static _Thread_local unsigned long number;
    if (number == 0)
        number = atomic_fetch_add_explicit(&last, 1, memory_order_relaxed) + 1;
    return number;
}

size_t thread_cores(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    return cores > 0 ? (size_t)cores : 1;
}

#ifndef MAP_NORESERVE  // where it is missing, nothing is reserved anyway
#define MAP_NORESERVE 0
#endif

void *memory_reserve(size_t size)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANON | MAP_NORESERVE, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

void memory_release(void *memory, size_t size)
{
    if (munmap(memory, size) != 0)
        die("munmap: %s", strerror(errno));
}

void random_fill(void *memory, size_t size)
{
    FILE *file = fopen("/dev/urandom", "rb");
    if (file == NULL || fread(memory, 1, size, file) != size)
        die("/dev/urandom: %s", strerror(errno));
    fclose(file);
}
