#define _GNU_SOURCE
#include "sync.h"

#include <errno.h>
#include <pthread.h>
#include <time.h>

#include "finding.h"
#include "wrap.h"

enum { MAX_OBJECTS = 4096 };

static Object objects[MAX_OBJECTS];
static uint32_t object_count;

static const char *const kinds[] = { "nothing",  "mutex",     "condition",
                                     "rwlock",   "semaphore", "barrier",
                                     "once flag" };

void sync_start(void)
{
    object_count = 0;
}

Object *sync_make(const void *address, ObjectKind kind, const void *place)
{
    Cell *cell = shadow_cell(address);
    if (cell == NULL)
        give_up("A %s lies in memory that is not the program's own.",
                kinds[kind]);
    if (self != NULL)
        shadow_overwrite(address, 8, place);
    if (object_count + 1 == MAX_OBJECTS)
        give_up("The program uses more than %d mutexes and the like.",
                MAX_OBJECTS);
    Object *object = &objects[++object_count];
    *object = (Object){ .address = address, .kind = kind };
    cell->object = object_count;
    return object;
}

Object *sync_object(const void *address, ObjectKind kind, const void *place)
{
    Cell *cell = shadow_cell(address);
    if (cell != NULL && cell->freed)
        find("use after free", place, "%s uses a %s at @ that was freed.",
             self->name, kinds[kind]);
    if (cell == NULL || cell->object == 0) {
        Object *made = sync_make(address, kind, place);
        return made;
    }
    Object *object = &objects[cell->object];
    if (object->destroyed)
        find("use after destroy", place,
             "%s uses a %s at @ that was destroyed.", self->name, kinds[kind]);
    if (object->kind != kind)
        find("misuse", place, "%s uses a %s at @ that is a %s.", self->name,
             kinds[kind], kinds[object->kind]);
    return object;
}

static bool is_waited_for(const void *address)
{
    for (int i = 0; i < thread_count; i++)
        if (threads[i].state == BLOCKED && threads[i].wait.object == address)
            return true;
    return false;
}

static bool is_locked(const Object *object)
{
    return (object->kind == MUTEX || object->kind == RWLOCK) &&
           (object->owner != NULL || object->count > 0);
}

void sync_forget(Cell *cell)
{
    const Object *object = &objects[cell->object];
    if (!object->destroyed && is_waited_for(object->address))
        find("freed too early", NULL,
             "%s frees or overwrites a %s for which somebody waits.",
             self->name, kinds[object->kind]);
    cell->object = 0;
}

void sync_destroy(const void *address, ObjectKind kind, const void *place)
{
    point("destroys", address, place);
    Object *object = sync_object(address, kind, place);
    if (is_locked(object) || is_waited_for(address))
        find("destroyed too early", place,
             "%s destroys at @ a %s that is locked or waited for.", self->name,
             kinds[kind]);
    shadow_access(address, 8, WRITE, place);
    object->destroyed = true;
}

static void arrive(const char *name, const void *address, const void *place)
{
    shadow_touch(address, WRITE);
    point(name, address, place);
}

void mutex_lock(Object *mutex, const void *place)
{
    while (mutex->owner != NULL && mutex->owner != self)
        point_wait((Wait){ mutex->address, "a mutex", NEVER, false }, place);
    mutex->owner = self;
    mutex->count++;
    mutex->place = place;
    view_join(&self->view, &mutex->released);
}

void mutex_unlock(Object *mutex, const void *place)
{
    if (mutex->owner != self)
        find("misuse", place, "%s unlocks at @ a mutex that it has not locked.",
             self->name);
    if (--mutex->count > 0)
        return;
    mutex->owner = NULL;
    mutex->released = self->view;
    tick();
    wake_all(mutex->address);
}

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

int WRAP(pthread_mutex_lock)(pthread_mutex_t *mutex)
{
    arrive("locks", mutex, CALLER);
    Object *object = sync_object(mutex, MUTEX, CALLER);
    if (object->owner == self && object->checks_errors)
        return EDEADLK;
    if (object->owner == self && !object->recursive) {
        find_place(object->place);
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
    arrive("tries to lock", mutex, CALLER);
    Object *object = sync_object(mutex, MUTEX, CALLER);
    if (object->owner != NULL && !(object->owner == self && object->recursive))
        return EBUSY;
    mutex_lock(object, CALLER);
    return 0;
}

int WRAP(pthread_mutex_timedlock)(pthread_mutex_t *mutex,
                                  const struct timespec *until)
{
    arrive("locks", mutex, CALLER);
    Object *object = sync_object(mutex, MUTEX, CALLER);
    Wait wait = { mutex, "a mutex", time_deadline(until, false), false };
    while (object->owner != NULL && object->owner != self)
        if (!point_wait(wait, CALLER))
            return ETIMEDOUT;
    mutex_lock(object, CALLER);
    return 0;
}

int WRAP(pthread_mutex_unlock)(pthread_mutex_t *mutex)
{
    arrive("unlocks", mutex, CALLER);
    mutex_unlock(sync_object(mutex, MUTEX, CALLER), CALLER);
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
    arrive("waits", condition, CALLER);
    sync_object(condition, CONDITION, CALLER);
    return wait_on(condition, mutex, NEVER, CALLER);
}

int WRAP(pthread_cond_timedwait)(pthread_cond_t *condition,
                                 pthread_mutex_t *mutex,
                                 const struct timespec *until)
{
    arrive("waits", condition, CALLER);
    bool monotonic = sync_object(condition, CONDITION, CALLER)->monotonic;
    return wait_on(condition, mutex, time_deadline(until, monotonic), CALLER);
}

int WRAP(pthread_cond_signal)(pthread_cond_t *condition)
{
    arrive("signals", condition, CALLER);
    sync_object(condition, CONDITION, CALLER);
    wake_one(condition);
    return 0;
}

int WRAP(pthread_cond_broadcast)(pthread_cond_t *condition)
{
    arrive("broadcasts", condition, CALLER);
    sync_object(condition, CONDITION, CALLER);
    wake_all(condition);
    return 0;
}

int WRAP(pthread_cond_clockwait)(pthread_cond_t *condition,
                                 pthread_mutex_t *mutex, clockid_t clock,
                                 const struct timespec *until)
{
    arrive("waits", condition, CALLER);
    sync_object(condition, CONDITION, CALLER);
    return wait_on(condition, mutex,
                   time_deadline(until, clock == CLOCK_MONOTONIC), CALLER);
}
