#ifndef _GNU_SOURCE
#define _GNU_SOURCE  // pthread_setname_np on Linux
#endif
#include "base/base.h"

#include "os.h"

#include <time.h>
#include <unistd.h>

#if defined(__FreeBSD__) || defined(__OpenBSD__)
#include <pthread_np.h>
#endif

// With 64 bits only: with fewer there are two kinds of timespec.
#if defined(__linux__) && defined(__LP64__) && !defined(WAIT_WITH_PTHREAD)
#define WAIT_ON_FUTEX 1
#include <sys/syscall.h>
#else
#define WAIT_ON_FUTEX 0
#endif

static struct timespec as_timespec(long long ns)
{
    return (struct timespec){ .tv_sec = (time_t)(ns / 1000000000LL),
                              .tv_nsec = (long)(ns % 1000000000LL) };
}

// Sleeping on a word. word_sleep returns when the word has changed, word_wake
// was called or the deadline passed, and now and then without a reason. The
// word is changed before word_wake is called, which does not read it: whoever
// slept may be gone by then, and the word with it.

#if WAIT_ON_FUTEX

// The kernel's own numbers: not every C library brings its header. The first
// is the kind that takes an absolute time, on the monotonic clock.
enum { FUTEX_WAIT_BITSET_PRIVATE = 9 | 128, FUTEX_WAKE_PRIVATE = 1 | 128 };

static void word_sleep(_Atomic uint32_t *word, uint32_t expected,
                       Deadline deadline)
{
    struct timespec until = as_timespec(deadline.ns);
    bool never = deadline.ns == DEADLINE_NEVER.ns;
    syscall(SYS_futex, word, FUTEX_WAIT_BITSET_PRIVATE, expected,
            never ? NULL : &until, NULL, UINT32_MAX);
}

static void word_wake(_Atomic uint32_t *word)
{
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

#else

// Sleepers share a few places, by the address of their words. A wake-up wakes
// all at its place, and those whose word has not changed sleep on.
typedef struct Place {
    pthread_mutex_t mutex;
    pthread_cond_t condition;
} Place;

enum { PLACE_BITS = 4, PLACES = 1 << PLACE_BITS };

static Place places[PLACES];

// Not by PTHREAD_COND_INITIALIZER, which waits on a clock that can be set.
static void make_places(void)
{
    pthread_condattr_t attributes;
    must(pthread_condattr_init(&attributes));
#ifndef __APPLE__  // which waits for a span of time instead
    must(pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC));
#endif
    for (int i = 0; i < PLACES; i++) {
        must(pthread_mutex_init(&places[i].mutex, NULL));
        must(pthread_cond_init(&places[i].condition, &attributes));
    }
    must(pthread_condattr_destroy(&attributes));
}

// In a child process nobody sleeps, and nobody is left to unlock.
static void places_init(void)
{
    make_places();
    must(pthread_atfork(NULL, NULL, make_places));
}

static Place *place_of(const _Atomic uint32_t *word)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    must(pthread_once(&once, places_init));
    // Mixed, because stacks are alike: in threads that wait in one function
    // the words' addresses differ by large powers of two.
    uint64_t mixed = (uintptr_t)word * UINT64_C(0x9E3779B97F4A7C15);
    return &places[mixed >> (64 - PLACE_BITS)];
}

static void place_wait(Place *place, Deadline deadline)
{
    if (deadline.ns == DEADLINE_NEVER.ns) {
        must(pthread_cond_wait(&place->condition, &place->mutex));
        return;
    }
#ifdef __APPLE__
    struct timespec span = as_timespec(deadline_remaining_ns(deadline));
    int error = pthread_cond_timedwait_relative_np(&place->condition,
                                                   &place->mutex, &span);
#else
    struct timespec until = as_timespec(deadline.ns);
    int error =
        pthread_cond_timedwait(&place->condition, &place->mutex, &until);
#endif
    must_be_zero(error == ETIMEDOUT ? 0 : error, "pthread_cond_timedwait");
}

static void word_sleep(_Atomic uint32_t *word, uint32_t expected,
                       Deadline deadline)
{
    Place *place = place_of(word);
    must(pthread_mutex_lock(&place->mutex));
    // Looked at under the mutex: who changed it since, wakes us after this.
    if (atomic_load_explicit(word, memory_order_relaxed) == expected)
        place_wait(place, deadline);
    must(pthread_mutex_unlock(&place->mutex));
}

static void word_wake(_Atomic uint32_t *word)
{
    Place *place = place_of(word);
    must(pthread_mutex_lock(&place->mutex));
    must(pthread_cond_broadcast(&place->condition));
    must(pthread_mutex_unlock(&place->mutex));
}

#endif

// A Lock's states. After U. Drepper, "Futexes are tricky" (2011): who had to
// sleep for it takes it as contended, because there may be more of them.
enum { FREE, TAKEN, CONTENDED };
enum { LOCK_TRIES = 40 };

static bool try_to_take(Lock *lock)
{
    uint32_t free = FREE;
    return atomic_compare_exchange_strong_explicit(&lock->state, &free, TAKEN,
                                                   memory_order_acquire,
                                                   memory_order_relaxed);
}

// Clang takes these at their word.
void lock_acquire(Lock *lock) LOCKS_UNCHECKED
{
    if (try_to_take(lock))
        return;
    // With one core its holder cannot go on while we look.
    for (int i = thread_cores() > 1 ? LOCK_TRIES : 0; i > 0; i--) {
        spin_pause();
        if (try_to_take(lock))
            return;
    }
    while (atomic_exchange_explicit(&lock->state, CONTENDED,
                                    memory_order_acquire) != FREE)
        word_sleep(&lock->state, CONTENDED, DEADLINE_NEVER);
}

void lock_release(Lock *lock) LOCKS_UNCHECKED
{
    uint32_t before =
        atomic_exchange_explicit(&lock->state, FREE, memory_order_release);
    if (before == CONTENDED)
        word_wake(&lock->state);
}

// A Waiter's states.
enum { AWAKE, ASLEEP, WOKEN };

void waiter_wake(Waiter *waiter)
{
    uint32_t before =
        atomic_exchange_explicit(&waiter->state, WOKEN, memory_order_release);
    if (before == ASLEEP)
        word_wake(&waiter->state);
}

bool waiter_is_woken(const Waiter *waiter)
{
    return atomic_load_explicit(&waiter->state, memory_order_acquire) == WOKEN;
}

bool waiter_doze(Waiter *waiter, Deadline deadline)
{
    while (!waiter_is_woken(waiter) && deadline_remaining_ns(deadline) > 0) {
        uint32_t awake = AWAKE;
        // Fails when we were asleep before, or are woken: both are fine.
        atomic_compare_exchange_strong_explicit(&waiter->state, &awake, ASLEEP,
                                                memory_order_relaxed,
                                                memory_order_relaxed);
        if (awake != WOKEN) {
            TRACED(falls_asleep());
            word_sleep(&waiter->state, ASLEEP, deadline);
        }
    }
    return waiter_is_woken(waiter);
}

bool waiter_sleep(Waiter *waiter, Deadline deadline)
{
    waiter_doze(waiter, deadline);
    uint32_t before =
        atomic_exchange_explicit(&waiter->state, AWAKE, memory_order_acquire);
    TRACED(wake(before == WOKEN));
    return before == WOKEN;
}

void waiter_spin(Waiter *waiter, SpinHabit *habit, Deadline deadline)
{
    Spin spin = spin_start(habit);
    while (!waiter_is_woken(waiter) && spin_once_until(&spin, deadline))
        continue;
    spin_end(&spin);
}

bool waiter_spin_and_sleep(Waiter *waiter, SpinHabit *habit, Deadline deadline)
{
    waiter_spin(waiter, habit, deadline);
    return waiter_sleep(waiter, deadline);
}

// Before main, because a stream's buffering may only be set before its first
// output. A line that a thread prints appears at once, and whole: printf holds
// the stream's lock until the line is written.
#ifndef COMMON_QUIET
__attribute__((constructor)) static void print_lines_at_once(void)
{
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
}
#endif

int thread_start(pthread_t *thread, void *(*run)(void *), void *arg)
{
    return pthread_create(thread, NULL, run, arg);
}

void thread_must_start(pthread_t *thread, void *(*run)(void *), void *arg)
{
    int error = thread_start(thread, run, arg);
    if (error != 0)
        die("no thread could be started: %s", error_text(error));
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
static _Thread_local unsigned long own_number;

unsigned long thread_number_next(void)
{
    static _Atomic unsigned long last;
    return atomic_fetch_add_explicit(&last, 1, memory_order_relaxed) + 1;
}

void thread_set_number(unsigned long number)
{
    own_number = number;
}

unsigned long thread_number(void)
{
    if (own_number == 0)
        own_number = thread_number_next();
    return own_number;
}

// Asked once: it is a system call, and spinning asks often.
size_t thread_cores(void)
{
    static _Atomic long known;
    long cores = atomic_load_explicit(&known, memory_order_relaxed);
    if (cores == 0) {
        cores = sysconf(_SC_NPROCESSORS_ONLN);
        cores = cores > 0 ? cores : 1;
        atomic_store_explicit(&known, cores, memory_order_relaxed);
    }
    return (size_t)cores;
}
