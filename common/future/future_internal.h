// The inside of a future, for future.c (one future's life), future_await.c (who
// waits for it), future_cache.c, and thread_cache.c, pool.c and task_bag.c
// (where it runs).

#ifndef FUTURE_INTERNAL_H
#define FUTURE_INTERNAL_H

#include "base/names.h"

#include <stdalign.h>
#include <stdatomic.h>

#include "future.h"
#include "task_bag.h"

// A future's state: these bits, and above them how many threads will still
// touch the future on their own account, RUNNER each. That is one at first,
// whoever is to run the task. When it is none the task has ended, and whoever
// joins the future may free it.
//
// Every change is a read-modify-write of this one word, and what it returns
// decides. So of those who begin a task one sees that nobody had, and of one
// who settles a future and one who comes to wait at least one sees the other.
// The exceptions, where nobody else can look on, say so.
enum {
    BEGUN = 1,      // its task runs, has run, or never will. Where there is a
                    // bag, the bag decides who begins, and this bit does not.
    SETTLED = 2,    // the value is there, and changes no more
    AWAITED = 4,    // somebody went on the list before it had settled
    JOINED = 8,     // somebody went on the list before it had ended
    UNSHARED = 16,  // nobody but the thread that runs it knows of it
    RUNNER = 32
};

struct Future {
    void (*run)(Task *self);
    size_t size;     // bytes of args
    TaskBag *bag;    // of a pool, where it waits or has waited, or NULL
    unsigned place;  // in the bag
    _Atomic unsigned state;
    Value value;  // once it has settled. Its text or bytes are ours.
    struct FutureWaiter
        *watches;  // the list of those who wait (future_await.c)
    alignas(max_align_t) char args[];
};

static inline bool future_has_settled(const Future *future)
{
    // Acquire: who sees that the value is there sees the value.
    return atomic_load_explicit(&future->state, memory_order_acquire) & SETTLED;
}

static inline bool future_has_ended(const Future *future)
{
    // Acquire: what the others did with the future comes before its end.
    return atomic_load_explicit(&future->state, memory_order_acquire) < RUNNER;
}

// Whether anybody waits for its value or its end, or has.
static inline bool future_is_awaited(const Future *future)
{
    return atomic_load_explicit(&future->state, memory_order_relaxed) &
           (AWAITED | JOINED);
}

// Memory for a future with so many bytes of arguments.
Future *future_allocate(size_t size);
void future_free(Future *future);

// A future whose task nobody has begun.
Future *future_new(void (*run)(Task *self), const void *args, size_t size);

// Runs the task in the calling thread, which has begun it, and settles the
// future if the task does not.
void future_run(Future *future);

// Runs the task of a new future in the thread that made it. When this returns
// it has ended.
void future_run_at_once(Future *future);

// Runs a task of future_start in the thread that was found for it, unless it
// was cancelled.
void future_run_unless_begun(Future *future);

// For a task that ends its thread: settles the future if the task did not.
void future_settle_silently(Future *future);

// Says that the calling thread will not touch the future again.
void future_leave(Future *future);

// Runs a task of a pool in the calling thread, which awaits or joins it, if
// nobody has begun it. Returns whether it did.
bool future_help(Future *future);

// Tells those on the future's list that it has settled (AWAITED) or that it has
// ended (JOINED).
void future_tell(Future *future, unsigned flag);

// Waits until future_has_ended.
void future_wait_for_end(Future *future);

#endif
