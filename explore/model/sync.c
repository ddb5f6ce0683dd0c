// Mutexes, condition variables and the other objects of pthreads, as a model.
//
// The system's own objects are not used: all fibers are one thread for the
// kernel, and the first that blocked would block them all. An object here is an
// owner, a count and a released view. Unlocking copies the thread's view into
// the object, and the next lock joins it: that is the happens-before edge that
// C11 (7.26.4) and POSIX give a mutex. An object is found by its address in the
// shadow memory, so the program's own bytes are never read.

#include "sync.h"

#include "base/finding.h"
#include "base/give_up.h"
#include "schedule/point.h"
#include "shadow.h"

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

// Making an object counts as a write to its memory: an initialization that is
// not ordered after another one, or after a plain access, is a data race.
Object *sync_make(const void *address, ObjectKind kind, const void *place)
{
    Cell *cell = shadow_cell(address);
    if (cell == NULL)
        give_up("A %s lies in memory that is not the program's own.",
                kinds[kind]);
    if (self != NULL)
        shadow_overwrite(address, 8, place);
    if (object_count + 1 == MAX_OBJECTS)
        give_up("The program uses more than %d mutexes, conditions and other "
                "objects of pthreads.",
                MAX_OBJECTS);
    Object *object = &objects[++object_count];
    *object = (Object){ .address = address, .kind = kind };
    cell->object = object_count;
    return object;
}

// PTHREAD_MUTEX_INITIALIZER and the like call no function, so an unknown
// address is a new object. Freed memory is checked before that.
Object *sync_object(const void *address, ObjectKind kind, const void *place)
{
    Cell *cell = shadow_cell(address);
    if (cell != NULL && cell->freed)
        find("use after free", place, "%s uses a %s at @ that was freed.",
             self->name, kinds[kind]);
    if (cell == NULL || cell->object == 0)
        return sync_make(address, kind, place);
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

void sync_forget(Cell *cell)
{
    const Object *object = &objects[cell->object];
    if (!object->destroyed && is_waited_for(object->address))
        find("freed too early", NULL,
             "%s frees or overwrites a %s on which a thread waits.", self->name,
             kinds[object->kind]);
    cell->object = 0;
}

// POSIX leaves destroying a locked mutex, or an object with waiters, undefined.
// The destruction counts as a write to its memory, as making it does.
void sync_destroy(const void *address, ObjectKind kind, const void *place)
{
    point("destroys", address, shadow_is_contended(address), place);
    Object *object = sync_object(address, kind, place);
    bool locked = (kind == MUTEX || kind == RWLOCK) &&
                  (object->owner != NULL || object->count > 0);
    if (locked || is_waited_for(address))
        find("destroyed too early", place,
             "%s destroys at @ a %s that is locked or waited for.", self->name,
             kinds[kind]);
    shadow_access(address, 8, WRITE, place);
    object->destroyed = true;
}

// A loop, not an if: between the wake-up and this thread's turn another thread
// may have locked the mutex. A mutex of POSIX is not fair either.
void mutex_lock(Object *mutex, const void *place)
{
    while (mutex->owner != NULL && mutex->owner != self)
        point_wait((Wait){ mutex->address, "a mutex", NEVER, false }, place);
    mutex->owner = self;
    mutex->count++;
    mutex->place = place;
    view_join(&self->view, &mutex->released);
}

// The released view is copied before tick(), so it holds this thread's time up
// to the unlock and no later. Waking all waiters lets the scheduler choose any.
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

Object *sync_arrive(const char *name, const void *address, ObjectKind kind,
                    const void *place)
{
    point_at(name, address, WRITE, place);
    return sync_object(address, kind, place);
}
