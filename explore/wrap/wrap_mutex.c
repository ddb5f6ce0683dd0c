// Mutexes and condition variables of pthreads.
//
// Each call is a scheduling point and then one atomic step on the model's
// object (model/sync.h). So all orders in which threads can lock are explored,
// and a wait begins in the same step in which it unlocks the mutex. Conditions
// wake up spuriously, as POSIX allows: a program that waits with an if and not
// a loop is found (context bound 1 is enough).

#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <time.h>

#include "base/finding.h"
#include "model/sync.h"
#include "schedule/point.h"
#include "wrap.h"
#include "wrap_time.h"

int WRAP(pthread_mutex_init)(pthread_mutex_t *mutex,
                             const pthread_mutexattr_t *attributes)
{
    int type = PTHREAD_MUTEX_DEFAULT, robust = PTHREAD_MUTEX_STALLED;
    if (attributes != NULL) {
        pthread_mutexattr_gettype(attributes, &type);
        pthread_mutexattr_getrobust(attributes, &robust);
    }
    if (self == NULL)
        return 0;
    Object *object = sync_make(mutex, MUTEX, CALLER);
    object->recursive = type == PTHREAD_MUTEX_RECURSIVE;
    object->checks_errors = type == PTHREAD_MUTEX_ERRORCHECK;
    object->robust = robust == PTHREAD_MUTEX_ROBUST;
    return 0;
}

int WRAP(pthread_mutex_destroy)(pthread_mutex_t *mutex)
{
    sync_destroy(mutex, MUTEX, CALLER);
    return 0;
}

// A default mutex that its owner locks again is a deadlock of one thread; a
// recursive one counts, an error-checking one says EDEADLK. The owner of a
// robust mutex may have ended: then the next lock gets the mutex, and is told.
int WRAP(pthread_mutex_lock)(pthread_mutex_t *mutex)
{
    Object *object = sync_arrive("locks", mutex, MUTEX, CALLER);
    if (object->owner == self && object->checks_errors)
        return EDEADLK;
    if (object->owner == self && !object->recursive) {
        find_place((Place){ { object->place } });
        find("deadlock", CALLER,
             "%s locks at @ a mutex that it has locked itself, at @.",
             self->name);
    }
    bool dead = object->owner != NULL && object->owner->state == ENDED &&
                object->robust;
    if (dead) {
        object->owner = NULL;
        object->count = 0;
    }
    mutex_lock(object, CALLER);
    return dead ? EOWNERDEAD : 0;
}

int WRAP(pthread_mutex_consistent)(pthread_mutex_t *mutex)
{
    (void)mutex;
    return 0;
}

int WRAP(pthread_mutex_trylock)(pthread_mutex_t *mutex)
{
    Object *object = sync_arrive("tries to lock", mutex, MUTEX, CALLER);
    if (object->owner != NULL && !(object->owner == self && object->recursive))
        return EBUSY;
    mutex_lock(object, CALLER);
    return 0;
}

static int lock_until(pthread_mutex_t *mutex, const struct timespec *until,
                      bool monotonic, const void *place)
{
    Object *object = sync_arrive("locks", mutex, MUTEX, place);
    Wait wait = { mutex, "a mutex", time_deadline(until, monotonic), false };
    if (object->owner == self && object->checks_errors)
        return EDEADLK;
    while (object->owner != NULL && object->owner != self)
        if (!point_wait(wait, place))
            return ETIMEDOUT;
    mutex_lock(object, place);
    return 0;
}

int WRAP(pthread_mutex_timedlock)(pthread_mutex_t *mutex,
                                  const struct timespec *until)
{
    return lock_until(mutex, until, false, CALLER);
}

int WRAP(pthread_mutex_clocklock)(pthread_mutex_t *mutex, clockid_t clock,
                                  const struct timespec *until)
{
    return lock_until(mutex, until, clock == CLOCK_MONOTONIC, CALLER);
}

int WRAP(pthread_mutex_unlock)(pthread_mutex_t *mutex)
{
    mutex_unlock(sync_arrive("unlocks", mutex, MUTEX, CALLER), CALLER);
    return 0;
}

int WRAP(pthread_cond_init)(pthread_cond_t *condition,
                            const pthread_condattr_t *attributes)
{
    clockid_t clock = CLOCK_REALTIME;
    if (attributes != NULL)
        pthread_condattr_getclock(attributes, &clock);
    if (self != NULL)
        sync_make(condition, CONDITION, CALLER)->monotonic =
            clock == CLOCK_MONOTONIC;
    return 0;
}

int WRAP(pthread_cond_destroy)(pthread_cond_t *condition)
{
    sync_destroy(condition, CONDITION, CALLER);
    return 0;
}

// POSIX: unlocking and beginning to wait are one step for any thread that locks
// the mutex later. There is no scheduling point between mutex_unlock and
// point_wait, so no signal is lost here; a lost wake-up is the program's own. A
// wait with a deadline needs no spurious wake-up, as its deadline may pass
// early. A recursive mutex is unlocked in full, and gets its count back.
static int wait_on(pthread_cond_t *condition, pthread_mutex_t *mutex,
                   long long deadline, const void *place)
{
    Object *lock = sync_object(mutex, MUTEX, place);
    unsigned count = lock->count;
    lock->count = lock->owner == self ? 1 : count;
    mutex_unlock(lock, place);
    Wait wait = { condition, "a condition", deadline, deadline == NEVER };
    bool woken = point_wait(wait, place);
    mutex_lock(lock, place);
    lock->count = count;
    return woken ? 0 : ETIMEDOUT;
}

int WRAP(pthread_cond_wait)(pthread_cond_t *condition, pthread_mutex_t *mutex)
{
    sync_arrive("waits", condition, CONDITION, CALLER);
    return wait_on(condition, mutex, NEVER, CALLER);
}

int WRAP(pthread_cond_timedwait)(pthread_cond_t *condition,
                                 pthread_mutex_t *mutex,
                                 const struct timespec *until)
{
    bool monotonic =
        sync_arrive("waits", condition, CONDITION, CALLER)->monotonic;
    return wait_on(condition, mutex, time_deadline(until, monotonic), CALLER);
}

// A signal without a waiter does nothing and is not stored: a thread that waits
// later misses it. That is the lost wake-up, and a deadlock at the run's end.
int WRAP(pthread_cond_signal)(pthread_cond_t *condition)
{
    sync_arrive("signals", condition, CONDITION, CALLER);
    wake_one(condition);
    return 0;
}

int WRAP(pthread_cond_broadcast)(pthread_cond_t *condition)
{
    sync_arrive("broadcasts", condition, CONDITION, CALLER);
    wake_all(condition);
    return 0;
}

int WRAP(pthread_cond_clockwait)(pthread_cond_t *condition,
                                 pthread_mutex_t *mutex, clockid_t clock,
                                 const struct timespec *until)
{
    sync_arrive("waits", condition, CONDITION, CALLER);
    return wait_on(condition, mutex,
                   time_deadline(until, clock == CLOCK_MONOTONIC), CALLER);
}
