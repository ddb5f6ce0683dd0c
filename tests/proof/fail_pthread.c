// The calls for threads, and all that they sleep on, which can be made to fail.
#define _GNU_SOURCE  // pthread_setname_np
#include "fail_internal.h"

#include <sched.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

// Calls that return an error number.

#define CALL(FAULT, name, parameters, arguments)                               \
    extern int __real_##name parameters;                                       \
    int __wrap_##name parameters                                               \
    {                                                                          \
        return fails(FAULT_##FAULT) ? faults[FAULT_##FAULT].error              \
                                    : __real_##name arguments;                 \
    }

// The same, and what they change in the ledger.
#define COUNTED_CALL(FAULT, name, parameters, arguments, change)               \
    extern int __real_##name parameters;                                       \
    int __wrap_##name parameters                                               \
    {                                                                          \
        if (fails(FAULT_##FAULT))                                              \
            return faults[FAULT_##FAULT].error;                                \
        int error = __real_##name arguments;                                   \
        if (error == 0)                                                        \
            change;                                                            \
        return error;                                                          \
    }

typedef void *Run(void *);

COUNTED_CALL(CREATE, pthread_create,
             (pthread_t * thread, const pthread_attr_t *attributes, Run *run,
              void *arg),
             (thread, attributes, run, arg), ledger.threads++)
COUNTED_CALL(JOIN, pthread_join, (pthread_t thread, void **result),
             (thread, result), ledger.threads--)
CALL(NAME, pthread_setname_np, (pthread_t thread, const char *name),
     (thread, name))

COUNTED_CALL(MUTEXATTR, pthread_mutexattr_init,
             (pthread_mutexattr_t * attributes), (attributes),
             ledger.attributes++)
COUNTED_CALL(MUTEXATTR_END, pthread_mutexattr_destroy,
             (pthread_mutexattr_t * attributes), (attributes),
             ledger.attributes--)
CALL(PSHARED, pthread_mutexattr_setpshared,
     (pthread_mutexattr_t * attributes, int shared), (attributes, shared))
CALL(TYPE, pthread_mutexattr_settype,
     (pthread_mutexattr_t * attributes, int type), (attributes, type))
CALL(ROBUST, pthread_mutexattr_setrobust,
     (pthread_mutexattr_t * attributes, int robust), (attributes, robust))
COUNTED_CALL(CONDATTR, pthread_condattr_init, (pthread_condattr_t * attributes),
             (attributes), ledger.attributes++)
COUNTED_CALL(CONDATTR_END, pthread_condattr_destroy,
             (pthread_condattr_t * attributes), (attributes),
             ledger.attributes--)
CALL(CLOCK, pthread_condattr_setclock,
     (pthread_condattr_t * attributes, clockid_t clock), (attributes, clock))
CALL(CONDITION, pthread_cond_init,
     (pthread_cond_t * condition, const pthread_condattr_t *attributes),
     (condition, attributes))
CALL(BROADCAST, pthread_cond_broadcast, (pthread_cond_t * condition),
     (condition))

typedef void Hook(void);

CALL(ATFORK, pthread_atfork, (Hook * before, Hook *parent, Hook *child),
     (before, parent, child))
CALL(ONCE, pthread_once, (pthread_once_t * once, Hook *hook), (once, hook))
CALL(SPECIFIC, pthread_setspecific, (pthread_key_t key, const void *value),
     (key, value))

REAL(int, atexit, Hook *hook);

int __wrap_atexit(Hook *hook)
{
    return fails(FAULT_ATEXIT) ? -1 : __real_atexit(hook);
}

pthread_t fail_nth_thread(Run *run, void *arg)
{
    pthread_t thread;
    if (__real_pthread_create(&thread, NULL, run, arg) != 0)
        abort();
    return thread;
}

void fail_nth_join(pthread_t thread)
{
    if (__real_pthread_join(thread, NULL) != 0)
        abort();
}

// Mutexes. Those with attributes are shared, and robust, and so are all in
// memory that other processes may see: there it is not counted how many there
// are, because they end with it.

enum { MOST_SHARED = 8 };

static pthread_mutex_t *_Atomic shared[MOST_SHARED];

static bool replace_shared(pthread_mutex_t *old, pthread_mutex_t *new)
{
    for (int i = 0; i < MOST_SHARED; i++) {
        pthread_mutex_t *expected = old;
        if (atomic_compare_exchange_strong(&shared[i], &expected, new))
            return true;
    }
    return false;
}

static bool is_shared(pthread_mutex_t *mutex)
{
    return is_mapped(mutex) || replace_shared(mutex, mutex);
}

static void enter_mutex(pthread_mutex_t *mutex, bool has_attributes)
{
    if (is_mapped(mutex))
        return;
    if (has_attributes && !replace_shared(NULL, mutex))
        abort();  // too many for us
    ledger.mutexes += has_attributes;
}

COUNTED_CALL(MUTEX, pthread_mutex_init,
             (pthread_mutex_t * mutex, const pthread_mutexattr_t *attributes),
             (mutex, attributes), enter_mutex(mutex, attributes != NULL))
COUNTED_CALL(MUTEX_END, pthread_mutex_destroy, (pthread_mutex_t * mutex),
             (mutex), ledger.mutexes -= replace_shared(mutex, NULL))
COUNTED_CALL(UNLOCK, pthread_mutex_unlock, (pthread_mutex_t * mutex), (mutex),
             ledger.locked--)

REAL(int, pthread_mutex_lock, pthread_mutex_t *mutex);
REAL(int, pthread_mutex_consistent, pthread_mutex_t *mutex);

static _Thread_local bool pretends;  // that a lock's last holder has died

REAL(int, pthread_mutex_trylock, pthread_mutex_t *mutex);
REAL(int, pthread_mutex_timedlock, pthread_mutex_t *mutex,
     const struct timespec *until);
REAL(int, pthread_mutex_clocklock, pthread_mutex_t *mutex, clockid_t clock,
     const struct timespec *until);
#pragma weak __real_pthread_mutex_clocklock  // musl has none

// A shared lock is tried, and waited for when another process has it.
static int lock_shared(pthread_mutex_t *mutex, clockid_t clock,
                       const struct timespec *until)
{
    if (fails(FAULT_LOST))
        return faults[FAULT_LOST].error;
    int error = until == NULL ? __real_pthread_mutex_trylock(mutex)
                : clock == CLOCK_REALTIME
                    ? __real_pthread_mutex_timedlock(mutex, until)
                    : __real_pthread_mutex_clocklock(mutex, clock, until);
    if (error == EBUSY || error == ETIMEDOUT)
        return error;
    ledger.locked++;
    fail_report->owners_died += error == EOWNERDEAD;
    pretends = fails(FAULT_OWNER_DIED) || fails(FAULT_MENDING);
    return pretends ? EOWNERDEAD : error;
}

int __wrap_pthread_mutex_trylock(pthread_mutex_t *mutex)
{
    return lock_shared(mutex, CLOCK_REALTIME, NULL);
}

int __wrap_pthread_mutex_timedlock(pthread_mutex_t *mutex,
                                   const struct timespec *until)
{
    return lock_shared(mutex, CLOCK_REALTIME, until);
}

int __wrap_pthread_mutex_clocklock(pthread_mutex_t *mutex, clockid_t clock,
                                   const struct timespec *until)
{
    return lock_shared(mutex, clock, until);
}

// With ThreadSanitizer a shared lock is waited for at once (os_shared_lock.c).
int __wrap_pthread_mutex_lock(pthread_mutex_t *mutex)
{
    if (is_shared(mutex)) {
        int error = lock_shared(mutex, CLOCK_REALTIME, NULL);
        while (error == EBUSY) {
            sched_yield();
            error = lock_shared(mutex, CLOCK_REALTIME, NULL);
        }
        return error;
    }
    if (fails(FAULT_PLACE))
        return faults[FAULT_PLACE].error;
    ledger.locked++;
    return __real_pthread_mutex_lock(mutex);
}

int __wrap_pthread_mutex_consistent(pthread_mutex_t *mutex)
{
    if (!pretends)
        return __real_pthread_mutex_consistent(mutex);
    return fail_plan.id == FAULT_MENDING ? faults[FAULT_MENDING].error : 0;
}

// Sleeping. One that ends without a reason is no fault, but must do no harm.

REAL(int, pthread_cond_wait, pthread_cond_t *condition, pthread_mutex_t *mutex);
REAL(int, pthread_cond_timedwait, pthread_cond_t *condition,
     pthread_mutex_t *mutex, const struct timespec *until);
REAL(int, pthread_mutex_unlock, pthread_mutex_t *mutex);

static int wait_in_vain(pthread_mutex_t *mutex)
{
    __real_pthread_mutex_unlock(mutex);
    sched_yield();
    return __real_pthread_mutex_lock(mutex);
}

int __wrap_pthread_cond_wait(pthread_cond_t *condition, pthread_mutex_t *mutex)
{
    if (fails(FAULT_WAIT))
        return faults[FAULT_WAIT].error;
    if (fails(FAULT_WAIT_END))
        return wait_in_vain(mutex);
    atomic_fetch_add(&fail_sleepers, 1);
    int error = __real_pthread_cond_wait(condition, mutex);
    atomic_fetch_sub(&fail_sleepers, 1);
    return error;
}

int __wrap_pthread_cond_timedwait(pthread_cond_t *condition,
                                  pthread_mutex_t *mutex,
                                  const struct timespec *until)
{
    if (fails(FAULT_TIMED))
        return faults[FAULT_TIMED].error;
    if (fails(FAULT_TIMED_END))
        return wait_in_vain(mutex);
    atomic_fetch_add(&fail_sleepers, 1);
    int error = __real_pthread_cond_timedwait(condition, mutex, until);
    atomic_fetch_sub(&fail_sleepers, 1);
    return error;
}

REAL(long, syscall, long number, ...);

// The only system call is that for a futex, which has six arguments. A wake-up
// cannot fail; a sleep may be interrupted.
long __wrap_syscall(long number, ...)
{
    enum { FUTEX_COMMAND = 127, FUTEX_WAIT_BITSET = 9 };
    long a[6];
    va_list args;
    va_start(args, number);
    for (int i = 0; i < 6; i++)
        a[i] = va_arg(args, long);
    va_end(args);
    bool sleeps = ((int)a[1] & FUTEX_COMMAND) == FUTEX_WAIT_BITSET;
    if (sleeps && fails(FAULT_FUTEX))
        return -1;
    atomic_fetch_add(&fail_sleepers, sleeps);
    long result = __real_syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
    atomic_fetch_sub(&fail_sleepers, sleeps);
    return result;
}
