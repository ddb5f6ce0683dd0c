// The inside of a future: the result of a task that settles once. Such an
// object is a future in Baker and Hewitt (1977), and a promise in Liskov and
// Shrira (1988) and in JavaScript. future.c has its life, future_await.c the
// waits, pool.c and thread_cache.c the threads.

#ifndef FUTURE_INTERNAL_H
#define FUTURE_INTERNAL_H

#include "base/names.h"

#include <pthread.h>

#include "base/cache_line.h"
#include "future.h"
#include "os/wait_list.h"
#include "pool.h"

// The state word: flags, and above them a reference count of the parties that
// will still touch the future, RUNNER each. At first the count is one, for the
// thread that will run the task. At zero the task has ended, and future_join
// may free the future.
//
// Every change but one is an atomic read-modify-write of this word, and its old
// value decides; the one is the plain store at the end of future_help, which
// says why that suffices. The linearization points are:
//
//   future_begin    of all callers exactly one finds BEGUN clear, and may run
//                   the task or cancel it
//   settle          sets SETTLED; by release and acquire the value
//                   happens-before the return of every await
//   future_leave    takes a party off; the task has ended at zero
//
// A lost wake-up is impossible, because AWAITED and SETTLED are bits of one
// word: of a thread that settles the future and a thread that registers as a
// waiter, at least one sees the other's bit. The same is true of JOINED and the
// count.
enum {
    BEGUN = 1,    // the task runs, has run, or was cancelled
    SETTLED = 2,  // the value is there, and changes no more
    AWAITED = 4,  // a thread registered before the future had settled
    JOINED = 8,   // a thread registered before the task had ended
    RUNNER = 16
};

struct Future {
    void (*run)(Task *self);
    size_t size;  // bytes of args
    Pool *pool;   // where it was started, or NULL
    _Atomic unsigned state;
    unsigned forks;  // process_forks() when it was made
    union {
        ListNode waiting;  // in the pool's list, until the task begins
        Value value;       // from then on. Text and bytes belong to the future.
    };
    struct FutureWaiter *waiters;  // a list (future_waiters.h)
    alignas(max_align_t) char args[];
};

enum { POOL_JOINED = 1, ONE_TASK = 2 };  // in a pool's `ended`

struct Pool {
    size_t count;
    Tracked tracked;  // until it is joined
    SpinHabit habit;

    // On lines of their own: every start and every end of a task writes here.
    alignas(CACHE_LINE_PAIR) Lock lock;
    bool searching GUARDED_BY(lock);   // a thread without a task spins
    List waiting GUARDED_BY(lock);     // futures in the order of their start
    bool threadless GUARDED_BY(lock);  // in a child of fork that has not
                                       // started the threads yet
    size_t begun GUARDED_BY(lock);     // tasks
    _Atomic size_t ended;  // ONE_TASK each, and POOL_JOINED after pool_join
    WaitList idle GUARDED_BY(lock);  // threads that sleep
    _Atomic unsigned long changes;   // written with the lock, read without
    alignas(CACHE_LINE_PAIR) pthread_t threads[];
};

static inline bool future_has_settled(const Future *future)
{
    // Acquire, with the release in settle: the write of the value
    // happens-before the reads of this thread.
    return atomic_load_explicit(&future->state, memory_order_acquire) & SETTLED;
}

static inline bool future_has_ended(const Future *future)
{
    // Acquire, with the release in future_leave: all that the parties did with
    // the future happens-before the free of this thread.
    return atomic_load_explicit(&future->state, memory_order_acquire) < RUNNER;
}

// In a child of fork: the future was made before that, and its task was not one
// of those that the forking thread ran. So no thread here runs the task, and
// the threads on its list are not here.
static inline bool future_is_parents(const Future *future)
{
    return future->forks != process_forks();
}

// Ends the process, with a sentence, if the future is a parent's. For calls
// that would wait for it.
void future_must_be_ours(const Future *future, const char *call);

// Memory for a future with arguments of `size` bytes.
Future *future_allocate(size_t size);
void future_free(Future *future);

// A future whose task has not begun.
Future *future_new(void (*run)(Task *self), const void *args, size_t size);

// Begins the task: true for exactly one caller, ever. `more` is a multiple of
// RUNNER that is added to the count in the same step.
bool future_begin(Future *future, unsigned more);

// Runs the task, which the calling thread has begun, and settles the future if
// the task does not.
void future_run(Future *future);

// For a task that has ended its thread: settles the future if the task did not.
void future_end_early(Future *future);

// The calling party will not touch the future again.
void future_leave(Future *future);

// Helping: runs a pool's task that has not begun, for the calling thread, which
// awaits or joins it. Returns whether it did.
bool future_help(Future *future);

// Tells the waiters that registered with this flag, AWAITED or JOINED.
void future_tell(Future *future, unsigned flag);

// Waits until future_has_ended.
void future_wait_for_end(Future *future);

// Begins a task of the pool in a thread that need not be the pool's. If this
// returns true, the caller calls pool_end when the task has ended. The pool may
// have been freed, because then all its tasks have begun.
bool pool_begin(Pool *pool, Future *future);
void pool_end(Pool *pool);

// Runs the future's task, unless it is cancelled before, in a thread in which
// nothing else runs meanwhile: a cached one, or a new one. Returns 0 or an
// error number.
int thread_cache_run(Future *future);

// For the handler of fork (future.c): in the child there are no cached threads,
// and no thread that waits for a future.
void thread_cache_in_child(void);
void future_waiters_in_child(void);

// For deadlock/: they say what a thread waits for (future_report.c).

// The `what` of a Wait for futures: until they have settled, or the first one
// has ended.
typedef struct FutureList {
    Future **futures;
    size_t count;
    bool end;
} FutureList;

void future_explain_wait(const Wait *wait, Report *report);
void pool_explain_idle(const Wait *wait, Report *report);  // a thread of a pool
void future_explain_task(const void *runs, Report *report);
void pool_explain_unjoined(const Tracked *tracked, Report *report);

#endif
