// Waiting for one future, for all of some, or for any of them. Who finds that
// they have settled is done, without a lock. Otherwise the calling thread puts
// itself on the list of each that has not, sleeps once, and takes itself off.
#define IN_COMMON
#include <stdint.h>
#include <stdlib.h>

#include "future_parts.h"
#include "os.h"
#include "spin.h"

static SpinHabit habit;  // of all who wait here

// What one thread waits for.
typedef struct Gathering {
    bool any;  // any of some futures, or else all
    Waiter waiter;
    _Atomic size_t pending;    // futures of which we were not told
    Future *_Atomic decisive;  // of all the first that failed, or of any the
                               // first that returned; NULL until there is one
} Gathering;

// A gathering on one future's list, guarded by that future's lock.
typedef struct Watch {
    Gathering *gathering;
    Future *future;
    unsigned flag;  // what for: AWAITED or JOINED
    struct Watch *next;
    struct Watch **link;  // what points to us; NULL when we are not listed
} Watch;

// The lists' locks. Few futures have somebody on their list at a time, so they
// share some locks, by their addresses.
enum { LOCKS = 16 };

static Lock locks[LOCKS];

// Clang does not count locks in an array.
static void lock_all(void) LOCKS_UNCHECKED
{
    for (int i = 0; i < LOCKS; i++)
        lock_acquire(&locks[i]);
}

static void unlock_all(void) LOCKS_UNCHECKED
{
    for (int i = 0; i < LOCKS; i++)
        lock_release(&locks[i]);
}

static void prepare_for_fork(void)
{
    // A child process has none of the threads that could hold one.
    must(pthread_atfork(lock_all, unlock_all, unlock_all));
}

static Lock *lock_of(const Future *future)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    must(pthread_once(&once, prepare_for_fork));
    return &locks[((uintptr_t)future >> 6) % LOCKS];
}

// Gathering.

static Future *decisive_of(Gathering *gathering)
{
    return atomic_load_explicit(&gathering->decisive, memory_order_acquire);
}

static bool is_complete(Gathering *gathering)
{
    return decisive_of(gathering) != NULL ||
           atomic_load_explicit(&gathering->pending, memory_order_acquire) == 0;
}

static bool would_decide(const Gathering *gathering, const Future *future)
{
    return (future->value.type == VALUE_ERROR) != gathering->any;
}

static void decide(Gathering *gathering, Future *future)
{
    Future *none = NULL;
    if (would_decide(gathering, future))
        atomic_compare_exchange_strong_explicit(&gathering->decisive, &none,
                                                future, memory_order_acq_rel,
                                                memory_order_acquire);
}

// Acquire and release: who finds the gathering complete sees the values of all
// that were counted.
static void count_down(Gathering *gathering, size_t settled)
{
    atomic_fetch_sub_explicit(&gathering->pending, settled,
                              memory_order_acq_rel);
    if (is_complete(gathering))
        waiter_wake(&gathering->waiter);
}

// The list.

static void list_watch(Watch *watch) REQUIRES(*lock_of(watch->future))
{
    Future *future = watch->future;
    watch->next = future->watches;
    watch->link = &future->watches;
    if (watch->next)
        watch->next->link = &watch->next;
    future->watches = watch;
}

static void unlist_watch(Watch *watch) REQUIRES(*lock_of(watch->future))
{
    *watch->link = watch->next;
    if (watch->next)
        watch->next->link = watch->link;
    watch->link = NULL;
}

// Clang does not know that each watch on the list is for this future.
static void tell_all(Future *future, unsigned flag)
    REQUIRES(*lock_of(future)) LOCKS_UNCHECKED
{
    Watch *next;
    for (Watch *watch = future->watches; watch; watch = next) {
        next = watch->next;
        if (watch->flag == flag) {
            unlist_watch(watch);
            decide(watch->gathering, future);
            count_down(watch->gathering, 1);
        }
    }
}

void future_tell(Future *future, unsigned flag)
{
    Lock *lock = lock_of(future);
    lock_acquire(lock);
    tell_all(future, flag);
    lock_release(lock);
}

// Goes on the future's list, unless it has settled, or with JOINED has ended.
// Whoever settles or ends it later sees the flag, and then takes the lock:
// that is after we let go of it. Returns whether we are on the list.
static bool enroll(Watch *watch)
{
    unsigned flag = watch->flag;
    Lock *lock = lock_of(watch->future);
    lock_acquire(lock);
    unsigned before = atomic_fetch_or_explicit(&watch->future->state, flag,
                                               memory_order_acq_rel);
    bool wait = flag == JOINED ? before >= RUNNER : !(before & SETTLED);
    if (wait)
        list_watch(watch);
    lock_release(lock);
    return wait;
}

// Whoever is about to wake us has done so when this returns.
static void withdraw(Watch *watch)
{
    Lock *lock = lock_of(watch->future);
    lock_acquire(lock);
    if (watch->link)
        unlist_watch(watch);
    lock_release(lock);
}

// Looks at all once, in their order, for the first that is decisive. Returns
// how many must be waited for: none if there is one.
static size_t look_over(Gathering *gathering, Future *futures[], size_t count)
{
    size_t left = 0;
    for (size_t i = 0; i < count; i++) {
        if (!future_has_settled(futures[i])) {
            left++;
        } else if (would_decide(gathering, futures[i])) {
            atomic_init(&gathering->decisive, futures[i]);
            return 0;
        }
    }
    return left;
}

// Goes on the lists of all that have not settled. Returns how many.
static size_t enroll_with_all(Gathering *gathering, Future *futures[],
                              size_t count, Watch watches[])
{
    size_t listed = 0;
    atomic_init(&gathering->pending, count + 1);  // not yet complete
    for (size_t i = 0; i < count; i++) {
        if (!future_has_settled(futures[i])) {
            watches[listed] =
                (Watch){ gathering, futures[i], AWAITED, NULL, NULL };
            if (enroll(&watches[listed])) {
                listed++;
                continue;
            }
        }
        decide(gathering, futures[i]);
    }
    count_down(gathering, count + 1 - listed);
    return listed;
}

// Runs tasks of pools that nobody has begun, if there is no deadline to miss,
// and only as long as there is something to wait for: what others wait for may
// never end before we return.
static void help(Gathering *gathering, Watch watches[], size_t count,
                 Deadline deadline)
{
    if (deadline.ns != DEADLINE_NEVER.ns)
        return;
    for (size_t i = 0; i < count && !is_complete(gathering); i++)
        future_help(watches[i].future);
}

// Waits until the gathering is complete. What was gathered is then final.
static WaitResult gather(Gathering *gathering, Future *futures[], size_t count,
                         Deadline deadline)
{
    size_t left = look_over(gathering, futures, count);
    if (left == 0)
        return WAIT_OK;
    if (deadline_remaining_ns(deadline) == 0)
        return WAIT_TIMED_OUT;

    Watch one;
    Watch *watches = left == 1 ? &one : must_malloc(left * sizeof *watches);
    left = enroll_with_all(gathering, futures, count, watches);
    help(gathering, watches, left, deadline);
    TRACED(wait_for_futures(futures, count, gathering->any));
    waiter_spin_and_sleep(&gathering->waiter, &habit, deadline);
    for (size_t i = 0; i < left; i++)
        withdraw(&watches[i]);

    if (watches != &one)
        free(watches);
    return is_complete(gathering) ? WAIT_OK : WAIT_TIMED_OUT;
}

// One future.

// It may be so soon: looks a few times before it says no.
static bool is_soon(bool (*is_so)(const Future *future), const Future *future)
{
    Spin spin = spin_start(&habit);
    while (!is_so(future) && spin_once(&spin))
        continue;
    spin_end(&spin);
    return is_so(future);
}

void future_wait_for_end(Future *future)
{
    if (is_soon(future_has_ended, future))
        return;
    Gathering gathering = { .pending = 1 };
    Watch watch = { &gathering, future, JOINED, NULL, NULL };
    if (enroll(&watch)) {
        TRACED(wait_for_task(future));
        waiter_sleep(&gathering.waiter, DEADLINE_NEVER);
        withdraw(&watch);
    }
}

static WaitResult wait_for(Future *future, Deadline deadline)
{
    if (deadline.ns == DEADLINE_NEVER.ns && future_help(future))
        return WAIT_OK;
    if (deadline_remaining_ns(deadline) == 0)
        return WAIT_TIMED_OUT;
    if (is_soon(future_has_settled, future))
        return WAIT_OK;
    Gathering gathering = { 0 };
    return gather(&gathering, &future, 1, deadline);
}

WaitResult future_await_by(Future *future, Value *value, Deadline deadline)
{
    if (!future_has_settled(future) && wait_for(future, deadline) != WAIT_OK)
        return WAIT_TIMED_OUT;
    TRACED(await(&future, 1, NULL));
    *value = future->value;
    return WAIT_OK;
}

Value future_await(Future *future)
{
    if (!future_has_settled(future))
        wait_for(future, DEADLINE_NEVER);
    TRACED(await(&future, 1, NULL));
    return future->value;
}

// Several.

WaitResult future_await_all_by(Future *futures[], size_t count, Value values[],
                               const char **error, Deadline deadline)
{
    Gathering gathering = { 0 };
    if (gather(&gathering, futures, count, deadline) != WAIT_OK)
        return WAIT_TIMED_OUT;
    const Future *failed = decisive_of(&gathering);
    TRACED(await(futures, count, failed));
    *error = failed ? failed->value.text : NULL;
    for (size_t i = 0; values && !failed && i < count; i++)
        values[i] = futures[i]->value;
    return WAIT_OK;
}

const char *future_await_all(Future *futures[], size_t count, Value values[])
{
    const char *error = NULL;
    future_await_all_by(futures, count, values, &error, DEADLINE_NEVER);
    return error;
}

static size_t index_of(Future *const futures[], size_t count,
                       const Future *future)
{
    size_t i = 0;
    while (i < count && futures[i] != future)
        i++;
    return i;
}

WaitResult future_await_any_by(Future *futures[], size_t count, size_t *index,
                               Deadline deadline)
{
    Gathering gathering = { .any = true };
    if (gather(&gathering, futures, count, deadline) != WAIT_OK)
        return WAIT_TIMED_OUT;
    *index = index_of(futures, count, decisive_of(&gathering));
    TRACED(await(futures, count, *index < count ? futures[*index] : NULL));
    return WAIT_OK;
}

size_t future_await_any(Future *futures[], size_t count)
{
    size_t index = count;
    future_await_any_by(futures, count, &index, DEADLINE_NEVER);
    return index;
}
