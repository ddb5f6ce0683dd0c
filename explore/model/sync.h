// Mutexes, conditions and the other objects of pthreads, as the program
// sees them. None of the system's is used: a thread that must wait is not
// chosen.

#ifndef SYNC_H
#define SYNC_H

#include <stdbool.h>

#include "cell.h"
#include "schedule/thread.h"

typedef enum ObjectKind {
    NO_OBJECT,
    MUTEX,
    CONDITION,
    RWLOCK,
    SEMAPHORE,
    BARRIER,
    ONCE
} ObjectKind;

typedef struct Object {
    const void *address;
    ObjectKind kind;
    bool destroyed;
    bool recursive, checks_errors;  // mutex
    bool robust;
    bool monotonic;     // condition: the clock of its deadlines
    Thread *owner;      // mutex, writer of a rwlock; once: who runs
    unsigned count;     // how often locked, readers, semaphore's value,
                        // how many have come to the barrier
    unsigned limit;     // how many the barrier waits for
    unsigned round;     // of a barrier
    const void *place;  // where it was locked last
    View released;      // what the next one sees
} Object;

// The object at the address; made when it is first used, because those with
// a static initializer are never announced. Ends the run when it is another
// kind of object or was destroyed.
Object *sync_object(const void *address, ObjectKind kind, const void *place);

// A point before an operation on the object, which is returned.
Object *sync_arrive(const char *name, const void *address, ObjectKind kind,
                    const void *place);

// A new object where another one may have been.
Object *sync_make(const void *address, ObjectKind kind, const void *place);

// The object is used no more; nobody may wait for it.
void sync_destroy(const void *address, ObjectKind kind, const void *place);

// The memory of the object is overwritten or freed.
void sync_forget(Cell *cell);

// Begins a run.
void sync_start(void);

// For conditions.
void mutex_lock(Object *mutex, const void *place);
void mutex_unlock(Object *mutex, const void *place);

#endif
