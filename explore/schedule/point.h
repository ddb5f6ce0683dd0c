// Scheduling points: which thread runs, and when another thread may be next.
//
// The threads run one at a time, each until it comes to a point: an operation
// that another thread could notice, or that waits. There choice.h decides
// which thread goes on.

#ifndef POINT_H
#define POINT_H

#include <stdbool.h>

#include "thread.h"

// The parts of a thread that belong to the program: its stack, its thread-local
// variables, and the destructors that are called at its end.
typedef struct ThreadParts {
    char *(*stack)(int thread);
    char *(*storage)(int thread);
    void (*run_destructors)(void);
} ThreadParts;

// Registers the parts. Called once.
void threads_init(ThreadParts parts);

// Runs the program: thread 0, "main", calls run. Returns after run_over. The
// caller is none of the program's threads.
void threads_run(void *(*run)(void *), void *arg);

// Ends the run, from any thread.
_Noreturn void run_over(void);

// Starts another thread, which is ready. Returns NULL when there are
// MAX_THREADS.
Thread *thread_add(void *(*run)(void *), void *arg);

// Ends the calling thread.
_Noreturn void thread_end(void *result);

// A point before an operation on the object; any thread may be next. Returns
// when it is the calling thread's turn again. name is the operation's, for the
// listing. For an object that is not contended (only one thread uses it) the
// order does not matter: the search through all schedules does not branch.
void point(const char *name, const void *object, bool contended,
           const void *place);

// A point at which all other ready threads go first.
void point_yield(const void *place);

// Blocks the calling thread. Returns true when it was woken, spuriously or not,
// false when its deadline has passed.
bool point_wait(Wait wait, const void *place);

// Wakes all threads that wait on the object, or one of them.
void wake_all(const void *object);
void wake_one(const void *object);

#endif
