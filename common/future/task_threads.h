// The threads of tasks that have one to themselves (future_start). When its
// task has ended, a thread is kept for the next one, for about half a second:
// to take a kept one costs a fraction of what starting one does.

#ifndef TASK_THREADS_H
#define TASK_THREADS_H

#include "base/names.h"

#include "future.h"

// Runs the future's task, unless it is cancelled first, in a thread in which
// nothing else runs meanwhile: a kept one, or a new one. Returns 0 or an error
// number.
int task_threads_run(Future *future);

#endif
