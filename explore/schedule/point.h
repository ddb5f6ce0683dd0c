// Points: which thread runs, and when another one may be next.
//
// The threads run one at a time, each until it comes to a point: an operation
// that another thread could notice, or that waits. There choice.h decides
// which thread goes on.

#ifndef POINT_H
#define POINT_H

#include <stdbool.h>

#include "thread.h"

// What a thread needs of the program: its stack, its thread-local variables,
// and what is called at its end.
typedef struct ThreadParts {
    char *(*stack)(int thread);
    char *(*storage)(int thread);
    void (*run_destructors)(void);
} ThreadParts;

// Once.
void threads_init(ThreadParts parts);

// Begins with main, which calls run, and returns when the run is over:
// after run_over. The caller is not a thread.
void threads_run(void *(*run)(void *), void *arg);

// Ends the run, from any thread.
_Noreturn void run_over(void);

// Starts another thread. Returns NULL when there are too many.
Thread *thread_add(void *(*run)(void *), void *arg);

// Ends the calling thread.
_Noreturn void thread_end(void *result);

// A point before an operation on the object; any thread may be next.
// Returns when it is our turn again. name is the operation's, for the
// listing. An object that is not contended (only one thread uses it) makes
// the order unimportant: trying all schedules skips it.
void point(const char *name, const void *object, bool contended,
           const void *place);

// Lets all others go first.
void point_yield(const void *place);

// Waits. Returns true when woken, false when the time has come.
bool point_wait(Wait wait, const void *place);

// Wakes all that wait for the object, or one of them.
void wake_all(const void *object);
void wake_one(const void *object);

#endif
