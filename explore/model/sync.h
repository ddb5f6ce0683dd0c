// Mutexes, conditions and the other objects of pthreads, as a model: the
// system's own are not used. A thread that has to wait is not chosen to run.

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
    bool monotonic;  // condition: the clock of its deadlines
    Thread *owner;   // of a mutex, the writer of a rwlock, or the thread that
                     // runs a once function
    unsigned count;  // locks of a recursive mutex, readers of a rwlock, value
                     // of a semaphore, arrivals at a barrier
    unsigned limit;  // arrivals that open the barrier
    unsigned round;  // of a barrier: how often it has opened
    const void *place;  // the code address of the last lock
    View released;      // joined by the next acquire
} Object;

// Returns the object at the address. It is made at its first use, because a
// static initializer calls no function. Ends the run if it is another kind of
// object, or was destroyed.
Object *sync_object(const void *address, ObjectKind kind, const void *place);

// A scheduling point before an operation on the object, which is returned.
Object *sync_arrive(const char *name, const void *address, ObjectKind kind,
                    const void *place);

// Makes a new object. If there was one at this address it is forgotten.
Object *sync_make(const void *address, ObjectKind kind, const void *place);

// Destroys the object. Ends the run if it is locked or a thread waits on it.
void sync_destroy(const void *address, ObjectKind kind, const void *place);

// Forgets the object because its memory is overwritten or freed. Ends the run
// if a thread waits on it.
void sync_forget(Cell *cell);

// Begins a run: there are no objects.
void sync_start(void);

// Lock and unlock without a scheduling point: pthread_mutex_lock makes one
// before it, and pthread_cond_wait must not have one in between.
void mutex_lock(Object *mutex, const void *place);
void mutex_unlock(Object *mutex, const void *place);

#endif
