// Read-write locks, barriers and semaphores; and the functions that explore
// does not model, which end the tool with a message.
//
// Each object is a count, an owner and a released view (model/sync.h). A thread
// checks the count and waits in a loop, as with a condition variable. The
// happens-before edges: a release joins its view into the object's, and an
// acquire takes over the joined view of all releases before it.

#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>

#include "base/finding.h"
#include "base/give_up.h"
#include "model/sync.h"
#include "schedule/point.h"
#include "wrap.h"
#include "wrap_time.h"

static void wait_for(const Object *object, const char *what, const void *place)
{
    point_wait((Wait){ object->address, what, NEVER, false }, place);
}

// A join, not a copy as in mutex_unlock: these objects have several releasers
// at a time (readers, arrivals at a barrier, posts), and each must be seen.
static void publish(Object *object)
{
    view_join(&object->released, &self->view);
    tick();
    wake_all(object->address);
}

int WRAP(pthread_rwlock_init)(pthread_rwlock_t *lock,
                              const pthread_rwlockattr_t *attributes)
{
    (void)attributes;
    if (self != NULL)
        sync_make(lock, RWLOCK, CALLER);
    return 0;
}

int WRAP(pthread_rwlock_destroy)(pthread_rwlock_t *lock)
{
    sync_destroy(lock, RWLOCK, CALLER);
    return 0;
}

// count is the number of readers, owner is the writer. A reader that releases
// publishes, too: the next writer must not be in a race with its reads. Readers
// may starve writers here, as POSIX permits.
static int lock_to_read(pthread_rwlock_t *lock, bool tries, const void *place)
{
    Object *object = sync_arrive("locks to read", lock, RWLOCK, place);
    while (object->owner != NULL) {
        if (tries)
            return EBUSY;
        wait_for(object, "a read-write lock", place);
    }
    object->count++;
    view_join(&self->view, &object->released);
    return 0;
}

static int lock_to_write(pthread_rwlock_t *lock, bool tries, const void *place)
{
    Object *object = sync_arrive("locks to write", lock, RWLOCK, place);
    while (object->owner != NULL || object->count > 0) {
        if (tries)
            return EBUSY;
        wait_for(object, "a read-write lock", place);
    }
    object->owner = self;
    view_join(&self->view, &object->released);
    return 0;
}

int WRAP(pthread_rwlock_rdlock)(pthread_rwlock_t *lock)
{
    return lock_to_read(lock, false, CALLER);
}

int WRAP(pthread_rwlock_tryrdlock)(pthread_rwlock_t *lock)
{
    return lock_to_read(lock, true, CALLER);
}

int WRAP(pthread_rwlock_wrlock)(pthread_rwlock_t *lock)
{
    return lock_to_write(lock, false, CALLER);
}

int WRAP(pthread_rwlock_trywrlock)(pthread_rwlock_t *lock)
{
    return lock_to_write(lock, true, CALLER);
}

int WRAP(pthread_rwlock_unlock)(pthread_rwlock_t *lock)
{
    Object *object = sync_arrive("unlocks", lock, RWLOCK, CALLER);
    if (object->owner == self)
        object->owner = NULL;
    else if (object->owner == NULL && object->count > 0)
        object->count--;
    else
        find("misuse", CALLER,
             "%s unlocks at @ a read-write lock that it has not locked.",
             self->name);
    publish(object);
    return 0;
}

int WRAP(pthread_barrier_init)(pthread_barrier_t *barrier,
                               const pthread_barrierattr_t *attributes,
                               unsigned count)
{
    (void)attributes;
    sync_make(barrier, BARRIER, CALLER)->limit = count;
    return 0;
}

int WRAP(pthread_barrier_destroy)(pthread_barrier_t *barrier)
{
    sync_destroy(barrier, BARRIER, CALLER);
    return 0;
}

// The round distinguishes two uses of the same barrier: a thread that leaves
// slowly must not be stopped by arrivals of the next round. All publish before
// the first one leaves, so everything before the barrier happens before
// everything after it.
int WRAP(pthread_barrier_wait)(pthread_barrier_t *barrier)
{
    Object *object =
        sync_arrive("comes to the barrier", barrier, BARRIER, CALLER);
    unsigned round = object->round;
    bool last = ++object->count == object->limit;
    if (last) {
        object->count = 0;
        object->round++;
    }
    publish(object);
    while (object->round == round)
        wait_for(object, "a barrier", CALLER);
    view_join(&self->view, &object->released);
    return last ? PTHREAD_BARRIER_SERIAL_THREAD : 0;
}

int WRAP(sem_init)(sem_t *semaphore, int shared, unsigned value)
{
    (void)shared;
    sync_make(semaphore, SEMAPHORE, CALLER)->count = value;
    return 0;
}

int WRAP(sem_destroy)(sem_t *semaphore)
{
    sync_destroy(semaphore, SEMAPHORE, CALLER);
    return 0;
}

int WRAP(sem_post)(sem_t *semaphore)
{
    Object *object = sync_arrive("posts", semaphore, SEMAPHORE, CALLER);
    object->count++;
    publish(object);
    return 0;
}

// Deadline 0 is a try, which never waits.
static int sem_take(sem_t *semaphore, long long deadline, const void *place)
{
    Object *object = sync_arrive("waits", semaphore, SEMAPHORE, place);
    Wait wait = { semaphore, "a semaphore", deadline, false };
    while (object->count == 0)
        if (deadline == 0 || !point_wait(wait, place)) {
            errno = deadline == 0 ? EAGAIN : ETIMEDOUT;
            return -1;
        }
    object->count--;
    view_join(&self->view, &object->released);
    return 0;
}

int WRAP(sem_wait)(sem_t *semaphore)
{
    return sem_take(semaphore, NEVER, CALLER);
}

int WRAP(sem_trywait)(sem_t *semaphore)
{
    return sem_take(semaphore, 0, CALLER);
}

int WRAP(sem_timedwait)(sem_t *semaphore, const struct timespec *until)
{
    return sem_take(semaphore, time_deadline(until, false), CALLER);
}

int WRAP(sem_getvalue)(sem_t *semaphore, int *value)
{
    *value = (int)sync_arrive("looks at", semaphore, SEMAPHORE, CALLER)->count;
    return 0;
}

// These would block the kernel thread that all fibers share, start a thread or
// a process that explore does not schedule, or bypass the model. A wrong answer
// would be worse than none.
#define NOT_MODELLED(name)                                                     \
    long WRAP(name)(void)                                                      \
    {                                                                          \
        give_up("The program calls " #name ", which is not modelled.");        \
    }

NOT_MODELLED(thrd_create)
NOT_MODELLED(mtx_init)
NOT_MODELLED(cnd_init)
NOT_MODELLED(call_once)
NOT_MODELLED(pthread_cancel)
NOT_MODELLED(pthread_kill)
NOT_MODELLED(pthread_spin_lock)
NOT_MODELLED(pthread_tryjoin_np)
NOT_MODELLED(pthread_timedjoin_np)
NOT_MODELLED(pthread_rwlock_timedrdlock)
NOT_MODELLED(pthread_rwlock_timedwrlock)
NOT_MODELLED(fork)
NOT_MODELLED(vfork)
NOT_MODELLED(clone)
NOT_MODELLED(syscall)
NOT_MODELLED(sem_open)
NOT_MODELLED(sigwait)
NOT_MODELLED(pause)
