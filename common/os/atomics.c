// Atomics.wait and Atomics.notify: a futex whose wake-ups are counted and never
// spurious. No wake-up is lost, because a waiter compares the word and joins
// the list under the lock that each notify takes; a notify that takes no lock
// has found that no thread waits. The word is loaded and compared in sequential
// consistency, as in JavaScript.
//
// A notify is safe in a signal handler: the lock is only held with all signals
// blocked, so no handler ever interrupts the thread that has it.
#include "base/base.h"

#include "atomics.h"

#include "fork.h"
#include "wait_list.h"

// The sleepers of all words, each with the address of its word as `what`. One
// list is simple, and short: it holds only threads that sleep.
static Lock lock;
static WaitList sleepers GUARDED_BY(lock);

// Threads in a wait, counted before they compare. Acquire and release, and a
// notify looks by an addition of 0: if that comes first, what was stored before
// the notify happens before the comparison. Otherwise the notify sees a waiter.
static atomic_uint waiting;

static Signals acquire(void) ACQUIRES(lock)
{
    Signals before = signals_block();
    lock_acquire(&lock);
    return before;
}

static void release(const Signals *before) RELEASES(lock)
{
    lock_release(&lock);
    signals_restore(before);
}

static void explain_notify(const Wait *wait, Report *report)
{
    report_format(report, "for a notify");
    report_argument(report, " on ", wait->what, 0);  // the word
    report_format(report, ".");
}

WaitResult atomics_wait_until(_Atomic int32_t *word, int32_t expected,
                              Deadline deadline)
{
    // The short way: no lock, and no signals to block.
    if (atomic_load_explicit(word, memory_order_seq_cst) != expected)
        return WAIT_NOT_EQUAL;
    Wait wait = { explain_notify, called_from };
    WaitNode node = { 0 };
    Waiter waiter = { 0 };
    atomic_fetch_add_explicit(&waiting, 1, memory_order_acq_rel);
    // The lock orders the load after an earlier notify, and before a later one.
    Signals signals = acquire();
    bool equal = atomic_load_explicit(word, memory_order_seq_cst) == expected;
    TRACED(wait_for_notify(word, equal));
    if (equal)
        wait_list_add(&sleepers, &node, &waiter, word);
    release(&signals);
    // A thread that was woken is off the list: its waker had the lock, and no
    // longer uses the node and the waiter.
    if (equal && !deadlock_sleep(&waiter, deadline, &wait)) {
        signals = acquire();
        wait_list_remove(&sleepers, &node);
        release(&signals);
    }
    TRACED(notified(word, node.served));
    atomic_fetch_sub_explicit(&waiting, 1, memory_order_relaxed);
    if (!equal)
        return WAIT_NOT_EQUAL;
    return node.served ? WAIT_OK : WAIT_TIMED_OUT;
}

WaitResult atomics_wait(_Atomic int32_t *word, int32_t expected)
{
    return atomics_wait_until(word, expected, DEADLINE_NEVER);
}

// A single pass, from the thread that has waited longest. `next` is read
// first, because a served node leaves the list.
int atomics_notify(_Atomic int32_t *word, int count)
{
    int woken = 0;
    if (atomic_fetch_add_explicit(&waiting, 0, memory_order_acq_rel) == 0) {
        TRACED(notify_nobody(word, woken));
        return 0;
    }
    Signals signals = acquire();
    for (WaitNode *node = wait_node(sleepers.first), *next;
         node && woken < count; node = next) {
        next = wait_node(node->node.next);
        if (node->what == (void *)word) {
            TRACED(notify(word));
            wait_list_serve(&sleepers, node);
            woken++;
        }
    }
    TRACED(notify_nobody(word, woken));
    release(&signals);
    return woken;
}

const char *atomics_result_text(WaitResult result)
{
    if (result == WAIT_OK)
        return "ok";
    return result == WAIT_NOT_EQUAL ? "not-equal" : "timed-out";
}

// The child of fork has none of the threads that slept, and a thread that it
// does not have may have held the lock.
static void in_child(void) LOCKS_UNCHECKED
{
    lock = (Lock){ 0 };
    sleepers = (WaitList){ 0 };
    atomic_init(&waiting, 0);
}

__attribute__((constructor)) static void prepare(void)
{
    fork_in_child(in_child);
}
