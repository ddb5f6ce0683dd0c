// Waiting for futures: for all of some, or for any of them. A wait for one
// future is a wait for all of one. Invariant: a thread sleeps only while its
// wait is not over. The fast version lists the waiting thread with each future,
// so that a future wakes only the threads that wait for it.
#include "base/base.h"

#include "condition.h"
#include "plain_future.h"

typedef struct Await {
    AwaitKind kind;
    Future *const *futures;
    size_t count;
    size_t before;  // how many futures had settled when the call began
    size_t first;   // the index of the future that decided, or count
} Await;

// Looks at the futures once: is the wait over? An error decides for all of
// them, a value for any of them, and then the future that settled first counts.
// All that had settled before the call count as one moment: of those the first
// listed decides.
static bool is_over(Await *self)
{
    size_t settled = 0, best = SIZE_MAX;
    for (size_t i = 0; i < self->count; i++) {
        const Future *future = self->futures[i];
        if (future->settled == 0)
            continue;
        settled++;
        size_t moment = future->settled > self->before ? future->settled : 0;
        bool is_error = future->value.type == VALUE_ERROR;
        if (is_error == (self->kind == AWAIT_ALL) && moment < best) {
            best = moment;
            self->first = i;
        }
    }
    return best < SIZE_MAX || settled == self->count;
}

// The predicate loop of the monitor: look, sleep, look again. The wait releases
// the mutex, so a future may settle during it, and it takes the mutex again.
//
// A thread that waits without a deadline runs a task of a pool that has not
// begun (helping). So tasks that await tasks of their own pool cannot deadlock.
WaitResult future_wait(AwaitKind kind, Future *const futures[], size_t count,
                       size_t *first, Deadline deadline, const char *call)
{
    for (size_t i = 0; i < count; i++)
        must_exist(futures[i], call, FUTURE_IS_NULL);
    bool over, in_time = true;
    bool may_help = deadline.ns == DEADLINE_NEVER.ns;
    futures_lock();
    Await self = { kind, futures, count, futures_settled, count };
    while (!(over = is_over(&self)) && in_time) {
        bool helped = false;
        for (size_t i = 0; may_help && !helped && i < count; i++)
            helped = future_help(futures[i]);
        // Helping has released the mutex: then look first, and sleep later.
        if (!helped)
            in_time =
                condition_wait(&futures_changed, &futures_mutex, deadline);
    }
    futures_unlock();
    *first = self.first;
    return over ? WAIT_OK : WAIT_TIMED_OUT;
}
