// Fault injection at single stores: see crash_points.h. The compiler's calls
// for ThreadSanitizer come here instead, and each store to the watched memory
// is counted. Invariant: a counted store is either done as a whole or not at
// all, and the plain stores between two atomic ones may be kept back or done
// early.

#define _GNU_SOURCE  // pthread_mutex_clocklock
#include "crash_points.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "os/os_has.h"

enum { MOST_BYTES = 1 << 20, MOST_POINTS = 100 * 1000, MOST_HELD = 1000 };

static char *memory;
static size_t memory_size;
static bool seen[MOST_BYTES];

typedef enum Kind { PLAIN, ATOMIC, CALL } Kind;

static unsigned char
    kinds[MOST_POINTS];  // of the points that were counted last

// The bytes that a plain store will overwrite, so that it can be taken back.
typedef struct Held {
    char *at;
    size_t size;
    char was[16];
} Held;

// Of this thread.
static _Thread_local bool counting, skipped;
static _Thread_local long passed, fatal_point;
static _Thread_local CrashOrder order_of_stores;
static _Thread_local void (*die_there)(void);
static _Thread_local Held held[MOST_HELD];
static _Thread_local size_t held_count;

void crash_points_in(void *watched, size_t size)
{
    if (size > MOST_BYTES)
        abort();
    memory = watched;
    memory_size = size;
}

void crash_points_count(long fatal, CrashOrder order, void (*die)(void))
{
    fatal_point = fatal;
    order_of_stores = order;
    die_there = die;
    passed = 0;
    held_count = 0;
    skipped = false;
    counting = true;
}

long crash_points_end(void)
{
    counting = false;
    return passed;
}

bool crash_points_differ(long fatal, CrashOrder order)
{
    Kind before = fatal > 1 ? kinds[fatal - 1] : CALL, here = kinds[fatal];
    switch (order) {
    case CRASH_PLAIN_LATE:
        return before == PLAIN;
    case CRASH_PLAIN_EARLY:
        return here == ATOMIC && fatal < passed && kinds[fatal + 1] == PLAIN;
    default:
        return true;
    }
}

bool crash_points_saw(size_t offset)
{
    bool saw = seen[offset];
    seen[offset] = false;
    return saw;
}

static void take_back(void)
{
    while (held_count > 0) {
        const Held *store = &held[--held_count];
        memcpy(store->at, store->was, store->size);
    }
}

// One point more. Returns false if the store there is to be left out: it is the
// fatal one, and the plain stores behind it come first.
static bool pass(Kind kind)
{
    if (skipped && kind != PLAIN)
        die_there();
    if (++passed >= MOST_POINTS)
        abort();
    kinds[passed] = (unsigned char)kind;
    if (passed == fatal_point) {
        if (order_of_stores == CRASH_PLAIN_LATE)
            take_back();
        skipped = order_of_stores == CRASH_PLAIN_EARLY && kind == ATOMIC;
        if (!skipped)
            die_there();
    }
    if (kind != PLAIN)
        held_count = 0;
    return !skipped;
}

static void hold(char *at, size_t size)
{
    if (held_count == sizeof held / sizeof *held || size > sizeof held->was)
        abort();
    held[held_count] = (Held){ .at = at, .size = size };
    memcpy(held[held_count++].was, at, size);
}

static bool counts(const void *at)
{
    return counting && (const char *)at >= memory &&
           (const char *)at < memory + memory_size;
}

static bool is_to_be_done(const void *at, size_t size)
{
    if (!counts(at))
        return true;
    memset(&seen[(const char *)at - memory], true, size);
    return pass(ATOMIC);
}

static void before_plain(void *at, size_t size)
{
    if (!counts(at))
        return;
    memset(&seen[(char *)at - memory], true, size);
    pass(PLAIN);
    hold(at, size);
}

// The calls of the lock

int crash_mutex_trylock(pthread_mutex_t *mutex);
int crash_mutex_timedlock(pthread_mutex_t *mutex, const struct timespec *limit);
int crash_mutex_clocklock(pthread_mutex_t *mutex, clockid_t clock,
                          const struct timespec *limit);
int crash_mutex_unlock(pthread_mutex_t *mutex);
int crash_mutex_consistent(pthread_mutex_t *mutex);

static void pass_call(const pthread_mutex_t *mutex)
{
    if (counts(mutex))
        pass(CALL);
}

static int call(int function(pthread_mutex_t *), pthread_mutex_t *mutex)
{
    pass_call(mutex);
    int error = function(mutex);
    pass_call(mutex);
    return error;
}

int crash_mutex_trylock(pthread_mutex_t *mutex)
{
    return call(pthread_mutex_trylock, mutex);
}

// There are these where there are robust mutexes.
#if OS_HAS_ROBUST

int crash_mutex_timedlock(pthread_mutex_t *mutex, const struct timespec *limit)
{
    pass_call(mutex);
    int error = pthread_mutex_timedlock(mutex, limit);
    pass_call(mutex);
    return error;
}

#if OS_HAS_CLOCKLOCK
int crash_mutex_clocklock(pthread_mutex_t *mutex, clockid_t clock,
                          const struct timespec *limit)
{
    pass_call(mutex);
    int error = pthread_mutex_clocklock(mutex, clock, limit);
    pass_call(mutex);
    return error;
}
#endif

int crash_mutex_consistent(pthread_mutex_t *mutex)
{
    return call(pthread_mutex_consistent, mutex);
}

#endif

int crash_mutex_unlock(pthread_mutex_t *mutex)
{
    return call(pthread_mutex_unlock, mutex);
}

// The functions that the compiler calls. It does the plain loads and stores
// itself, after the call; the functions do the atomic ones.

void __tsan_init(void);
void __tsan_func_entry(void *caller);
void __tsan_func_exit(void);
void __tsan_atomic_signal_fence(int order);

void __tsan_init(void)
{
}

void __tsan_func_entry(void *caller)
{
    (void)caller;
}

void __tsan_func_exit(void)
{
}

// Only the compiler has to heed it, and it has.
void __tsan_atomic_signal_fence(int order)
{
    (void)order;
}

#define PLAIN_HOOKS(prefix, bytes)                                             \
    void __tsan_##prefix##read##bytes(const void *at);                         \
    void __tsan_##prefix##write##bytes(void *at);                              \
    void __tsan_##prefix##read##bytes(const void *at)                          \
    {                                                                          \
        (void)at;                                                              \
    }                                                                          \
    void __tsan_##prefix##write##bytes(void *at)                               \
    {                                                                          \
        before_plain(at, bytes);                                               \
    }

PLAIN_HOOKS(, 1)
PLAIN_HOOKS(, 2)
PLAIN_HOOKS(, 4)
PLAIN_HOOKS(, 8)
PLAIN_HOOKS(, 16)
PLAIN_HOOKS(unaligned_, 2)
PLAIN_HOOKS(unaligned_, 4)
PLAIN_HOOKS(unaligned_, 8)
PLAIN_HOOKS(unaligned_, 16)

void __tsan_read_range(const void *at, size_t size);
void __tsan_write_range(void *at, size_t size);

void __tsan_read_range(const void *at, size_t size)
{
    (void)at, (void)size;
}

void __tsan_write_range(void *at, size_t size)
{
    before_plain(at, size);
}

// Clang from version 15 on calls these, and older compilers the C library: the
// bytes that they write are no points.
void *__tsan_memcpy(void *to, const void *from, size_t size);
void *__tsan_memmove(void *to, const void *from, size_t size);
void *__tsan_memset(void *at, int byte, size_t size);

void *__tsan_memcpy(void *to, const void *from, size_t size)
{
    return memcpy(to, from, size);
}

void *__tsan_memmove(void *to, const void *from, size_t size)
{
    return memmove(to, from, size);
}

void *__tsan_memset(void *at, int byte, size_t size)
{
    return memset(at, byte, size);
}

// gcc asks whether it was stored, clang what was there.
#define ATOMIC_HOOKS(bits, Type)                                               \
    Type __tsan_atomic##bits##_load(Type *at, int order);                      \
    void __tsan_atomic##bits##_store(Type *at, Type value, int order);         \
    int __tsan_atomic##bits##_compare_exchange_strong(Type *at,                \
                                                      Type *expected,          \
                                                      Type value, int order,   \
                                                      int fail_order);         \
    int __tsan_atomic##bits##_compare_exchange_weak(Type *at, Type *expected,  \
                                                    Type value, int order,     \
                                                    int fail_order);           \
    Type __tsan_atomic##bits##_compare_exchange_val(Type *at, Type expected,   \
                                                    Type value, int order,     \
                                                    int fail_order);           \
    Type __tsan_atomic##bits##_load(Type *at, int order)                       \
    {                                                                          \
        (void)order;                                                           \
        return __atomic_load_n(at, __ATOMIC_SEQ_CST);                          \
    }                                                                          \
    void __tsan_atomic##bits##_store(Type *at, Type value, int order)          \
    {                                                                          \
        (void)order;                                                           \
        if (is_to_be_done(at, sizeof *at))                                     \
            __atomic_store_n(at, value, __ATOMIC_SEQ_CST);                     \
    }                                                                          \
    int __tsan_atomic##bits##_compare_exchange_strong(Type *at,                \
                                                      Type *expected,          \
                                                      Type value, int order,   \
                                                      int fail_order)          \
    {                                                                          \
        (void)order, (void)fail_order;                                         \
        return !is_to_be_done(at, sizeof *at) ||                               \
               __atomic_compare_exchange_n(at, expected, value, 0,             \
                                           __ATOMIC_SEQ_CST,                   \
                                           __ATOMIC_SEQ_CST);                  \
    }                                                                          \
    int __tsan_atomic##bits##_compare_exchange_weak(Type *at, Type *expected,  \
                                                    Type value, int order,     \
                                                    int fail_order)            \
    {                                                                          \
        return __tsan_atomic##bits##_compare_exchange_strong(at, expected,     \
                                                             value, order,     \
                                                             fail_order);      \
    }                                                                          \
    Type __tsan_atomic##bits##_compare_exchange_val(Type *at, Type expected,   \
                                                    Type value, int order,     \
                                                    int fail_order)            \
    {                                                                          \
        __tsan_atomic##bits##_compare_exchange_strong(at, &expected, value,    \
                                                      order, fail_order);      \
        return expected;                                                       \
    }

// Those that change what is there, and are never left out.
#define CHANGE_HOOK(bits, Type, name, function)                                \
    Type __tsan_atomic##bits##_##name(Type *at, Type value, int order);        \
    Type __tsan_atomic##bits##_##name(Type *at, Type value, int order)         \
    {                                                                          \
        (void)order;                                                           \
        is_to_be_done(at, sizeof *at);                                         \
        return function(at, value, __ATOMIC_SEQ_CST);                          \
    }

#define ALL_HOOKS(bits, Type)                                                  \
    ATOMIC_HOOKS(bits, Type)                                                   \
    CHANGE_HOOK(bits, Type, exchange, __atomic_exchange_n)                     \
    CHANGE_HOOK(bits, Type, fetch_add, __atomic_fetch_add)                     \
    CHANGE_HOOK(bits, Type, fetch_sub, __atomic_fetch_sub)                     \
    CHANGE_HOOK(bits, Type, fetch_or, __atomic_fetch_or)                       \
    CHANGE_HOOK(bits, Type, fetch_and, __atomic_fetch_and)                     \
    CHANGE_HOOK(bits, Type, fetch_xor, __atomic_fetch_xor)

ALL_HOOKS(8, uint8_t)
ALL_HOOKS(32, uint32_t)
// On 32-bit x86 a uint64_t may lie at an address that an atomic one may not.
typedef uint64_t __attribute__((aligned(8))) Aligned64;
ALL_HOOKS(64, Aligned64)
