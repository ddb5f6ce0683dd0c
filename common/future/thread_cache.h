// The threads of tasks that have one to themselves (future_start). When its
// task has ended, a thread is kept for the next one, for about half a second:
// to take a kept one costs a fraction of what starting one does.

#ifndef THREAD_CACHE_H
#define THREAD_CACHE_H

#include "base/names.h"

#include "future.h"

// Runs the future's task, unless it is cancelled first, in a thread in which
// nothing else runs meanwhile: a kept one, or a new one. Returns 0 or an error
// number.
int thread_cache_run(Future *future);

#endif
