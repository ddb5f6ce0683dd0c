// pthread_create, pthread_join and the other functions for threads.
//
// A thread is a fiber (schedule/fiber.h), and its handle is its number plus
// one. The happens-before edges are C11's (7.26.5): the creator's view is the
// new thread's first, and the ended thread's view is joined by pthread_join.

#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/finding.h"
#include "base/give_up.h"
#include "model/at_exit.h"
#include "model/shadow.h"
#include "model/sync.h"
#include "schedule/point.h"
#include "wrap.h"

static pthread_t handle_of(const Thread *thread)
{
    return (pthread_t)(uintptr_t)(thread->id + 1);
}

static Thread *thread_of(pthread_t handle, const void *place)
{
    uintptr_t number = (uintptr_t)handle;
    if (number == 0 || number > (uintptr_t)thread_count)
        find("misuse", place,
             "%s uses at @ a pthread_t that belongs to no thread.", self->name);
    return &threads[number - 1];
}

// tick() after thread_add: later events of the creator do not happen before the
// new thread, which has its view from before. The handle is written after that,
// as the real function may do, so a new thread that reads it unordered is in a
// data race.
int WRAP(pthread_create)(pthread_t *handle, const pthread_attr_t *attributes,
                         void *(*run)(void *), void *arg)
{
    point("starts a thread", NULL, true, CALLER);
    Thread *thread = thread_add(run, arg);
    if (thread == NULL)
        give_up("The program starts more than %d threads.", MAX_THREADS - 1);
    int detached = PTHREAD_CREATE_JOINABLE;
    if (attributes != NULL)
        pthread_attr_getdetachstate(attributes, &detached);
    thread->detached = detached == PTHREAD_CREATE_DETACHED;
    tick();
    shadow_access(handle, sizeof *handle, WRITE, CALLER);
    *handle = handle_of(thread);
    return 0;
}

int WRAP(pthread_join)(pthread_t handle, void **result)
{
    Thread *thread = thread_of(handle, CALLER);
    point("joins", NULL, true, CALLER);
    if (thread->joined || thread->detached)
        find("misuse", CALLER, "%s joins at @ %s, which was %s.", self->name,
             thread->name, thread->joined ? "joined before" : "detached");
    if (thread == self)
        find("deadlock", CALLER, "%s joins itself at @.", self->name);
    while (thread->state != ENDED)
        point_wait((Wait){ thread, thread->name, NEVER, false }, CALLER);
    thread->joined = true;
    view_join(&self->view, &thread->view);
    if (result != NULL)
        *result = thread->result;
    return 0;
}

int WRAP(pthread_detach)(pthread_t handle)
{
    thread_of(handle, CALLER)->detached = true;
    return 0;
}

pthread_t WRAP(pthread_self)(void)
{
    return self == NULL ? handle_of(&threads[0]) : handle_of(self);
}

int WRAP(pthread_setname_np)(pthread_t handle, const char *name)
{
    Thread *thread = thread_of(handle, CALLER);
    snprintf(thread->name, sizeof thread->name, "%s", name);
    return 0;
}

int WRAP(sched_yield)(void)
{
    point_yield(CALLER);
    return 0;
}

// A thread that finds the function running waits until it has ended. All calls
// acquire the view that was released then: the initialization happens before
// the return of each pthread_once.
int WRAP(pthread_once)(pthread_once_t *once, void (*run)(void))
{
    Object *object = sync_arrive("runs once", once, ONCE, CALLER);
    while (object->owner != NULL)
        point_wait((Wait){ once, "pthread_once", NEVER, false }, CALLER);
    if (object->count == 0) {
        object->owner = self;
        run();
        object->owner = NULL;
        object->count = 1;
        object->released = self->view;
        tick();
        wake_all(once);
    }
    view_join(&self->view, &object->released);
    return 0;
}

int WRAP(pthread_key_create)(pthread_key_t *key, void (*destructor)(void *))
{
    int created = key_create(destructor);
    if (created == -1)
        return EAGAIN;
    *key = (pthread_key_t)created;
    return 0;
}

int WRAP(pthread_key_delete)(pthread_key_t key)
{
    key_delete(key);
    return 0;
}

void *WRAP(pthread_getspecific)(pthread_key_t key)
{
    return self->values[key];
}

int WRAP(pthread_setspecific)(pthread_key_t key, const void *value)
{
    self->values[key] = (void *)(uintptr_t)value;
    return 0;
}

// fork is refused (wrap_more.c), so these handlers never run.
int WRAP(pthread_atfork)(void (*before)(void), void (*parent)(void),
                         void (*child)(void))
{
    (void)before, (void)parent, (void)child;
    return 0;
}
